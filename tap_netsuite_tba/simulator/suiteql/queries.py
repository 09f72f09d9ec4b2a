"""SELECT and UNION, translated to DuckDB."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.expressions import direction, translate
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences, identifier
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import is_pseudocolumn
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Scope, Session, Subquery
from tap_netsuite_tba.simulator.suiteql.sources import from_clause

_SELECT_PARTS = {
    "expressions",
    "from_",
    "joins",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "distinct",
    "kind",
    "hint",
    "operation_modifiers",
}


@dataclass(frozen=True)
class OutputColumn:
    """A column of the answer: its key in the JSON and how its value is printed."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Translation:
    """A whole query.

    Attributes:
        sql: DuckDB's text; its columns are ``c0``, ``c1`` ... and the sort keys ``k0`` ...
        columns: ``c0``, ``c1`` ... of the answer.
        order: the text of the ORDER BY that NetSuite promises; empty if it promises none.
    """

    sql: str
    columns: tuple[OutputColumn, ...]
    order: str


@dataclass(frozen=True)
class _Projection:
    name: str
    node: exp.Expr | None
    value: Expression


@dataclass(frozen=True)
class _Block:
    """A query without its order and row limit."""

    head: str
    projections: tuple[_Projection, ...]
    tail: str
    scope: Scope | None

    def text(self, names: Mapping[int, str], keys: tuple[str, ...] = ()) -> str:
        items = [
            f"{projection.value.sql} AS {identifier(names[index])}"
            for index, projection in enumerate(self.projections)
        ]
        items += [f"{key} AS k{index}" for index, key in enumerate(keys)]
        return f"{self.head} {', '.join(items)}{self.tail}"


def translate_query(query: exp.Expr, catalog: Catalog, preferences: Preferences) -> Translation:
    """Translate a query as a whole.

    Raises:
        Refusal: in NetSuite's words, whatever it does not take.
    """
    session = Session(catalog, preferences, _subquery)
    block = _block(query, session, None)
    names = {index: f"c{index}" for index in range(len(block.projections))}
    keys: list[str] = []
    order: list[str] = []
    promised: list[str] = []
    for item in _order_items(query):
        position = _position(item.this, block)
        if position is not None:
            column = f"c{position}"
        elif block.scope is None or query.args.get("distinct"):
            raise unsupported()
        else:
            column = f"k{len(keys)}"
            keys.append(translate(item.this, block.scope).sql)
        order.append(column + direction(item))
        # Without ASC or DESC written NetSuite has been seen to lose the order.
        if item.args.get("desc") is not None:
            promised.append(order[-1])
    sql = block.text(names, tuple(keys))
    limit = _row_limit(query)
    if limit is not None:
        by = f" ORDER BY {', '.join(order)}" if order else ""
        sql = f"SELECT * FROM ({sql}){by} LIMIT {limit}"  # noqa: S608  # translated
    columns = tuple(
        OutputColumn(projection.name, projection.value.kind) for projection in block.projections
    )
    return Translation(sql, columns, ", ".join(promised if len(promised) == len(order) else ()))


def _subquery(query: exp.Expr, scope: Scope) -> Subquery:
    """Translate a query inside another."""
    block = _block(query, scope.session, scope)
    names = {index: projection.name for index, projection in enumerate(block.projections)}
    sql = block.text(names)
    order: list[str] = []
    for item in _order_items(query):
        position = _position(item.this, block)
        if position is not None:
            text = str(position + 1)
        elif block.scope is None:
            raise unsupported()
        else:
            text = translate(item.this, block.scope).sql
        order.append(text + direction(item))
    if order:
        sql += f" ORDER BY {', '.join(order)}"
    limit = _row_limit(query)
    if limit is not None:
        sql += f" LIMIT {limit}"
    columns = tuple((item.name, item.value.kind) for item in block.projections)
    return Subquery(sql, columns)


def _block(query: exp.Expr, session: Session, outer: Scope | None) -> _Block:
    if isinstance(query, exp.Subquery):
        return _block(query.this, session, outer)
    if isinstance(query, exp.SetOperation):
        return _set_operation(query, session, outer)
    if isinstance(query, exp.Select):
        return _select(query, session, outer)
    raise unsupported()


def _set_operation(query: exp.SetOperation, session: Session, outer: Scope | None) -> _Block:
    scope = Scope(session, {}, outer)
    left, right = _subquery(query.this, scope), _subquery(query.expression, scope)
    if len(left.columns) != len(right.columns):
        raise unsupported()
    word = {exp.Union: "UNION", exp.Except: "EXCEPT", exp.Intersect: "INTERSECT"}[type(query)]
    everything = "" if query.args.get("distinct") else " ALL"
    projections = tuple(
        _Projection(name, None, Expression(f"s.{identifier(name)}", kind))
        for name, kind in left.columns
    )
    tail = f" FROM (({left.sql}) {word}{everything} ({right.sql})) AS s"
    return _Block("SELECT", projections, tail, None)


def _select(query: exp.Select, session: Session, outer: Scope | None) -> _Block:
    if any(value and name not in _SELECT_PARTS for name, value in query.args.items()):
        raise unsupported()
    scope = Scope(session, {}, outer)
    tail = from_clause(query, scope)
    where, qualify = _where(query, scope)
    if where:
        tail += f" WHERE {' AND '.join(where)}"
    if group := query.args.get("group"):
        if {name for name, value in group.args.items() if value} != {"expressions"}:
            raise unsupported()
        texts = (translate(item, scope).sql for item in group.expressions)
        tail += f" GROUP BY {', '.join(texts)}"
    if having := query.args.get("having"):
        tail += f" HAVING {translate(having.this, scope).sql}"
    if qualify:
        if group or _has_aggregate(query):
            raise unsupported()
        tail += f" QUALIFY {' AND '.join(qualify)}"
    head = "SELECT DISTINCT" if query.args.get("distinct") else "SELECT"
    return _Block(head, _projections(query, scope), tail, scope)


def _has_aggregate(query: exp.Select) -> bool:
    names = {"COUNT", "SUM", "MIN", "MAX", "AVG", "MEDIAN"}
    return any(
        isinstance(node, exp.Anonymous)
        and node.name.upper() in names
        and not isinstance(node.parent, exp.Window)
        for item in query.expressions
        for node in item.walk()
    )


def _where(query: exp.Select, scope: Scope) -> tuple[list[str], list[str]]:
    """Return the conditions on rows, and those on ROWNUM."""
    clause = query.args.get("where")
    if clause is None:
        return [], []
    conditions = clause.this.flatten() if isinstance(clause.this, exp.And) else [clause.this]
    where: list[str] = []
    qualify: list[str] = []
    for condition in conditions:
        if any(column.name.upper() == "ROWNUM" for column in condition.find_all(exp.Column)):
            # Rows are numbered as they pass: what refuses number one refuses all.
            first = replace(scope, rownum="1")
            qualify += [translate(condition, first).sql, translate(condition, scope).sql]
        else:
            where.append(translate(condition, scope).sql)
    return where, qualify


def _projections(query: exp.Select, scope: Scope) -> tuple[_Projection, ...]:
    projections: list[_Projection] = []
    unnamed = 0
    for item in query.expressions:
        if isinstance(item, exp.Star):
            projections += _all_columns(scope, "")
        elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            projections += _all_columns(scope, item.table)
        else:
            node = item.this if isinstance(item, exp.Alias) else item
            name = _name(item)
            if not name:
                unnamed += 1
                name = f"expr{unnamed}"
            projections.append(_Projection(name.lower(), node, translate(node, scope)))
    return tuple(projections)


def _name(item: exp.Expr) -> str:
    """Return the name that the query gives to an item of its SELECT; empty if none."""
    if isinstance(item, exp.Column) and not item.table and is_pseudocolumn(item.name):
        return ""
    return item.alias_or_name if isinstance(item, exp.Alias | exp.Column) else ""


def _all_columns(scope: Scope, alias: str) -> list[_Projection]:
    sources = [
        source for source in scope.sources.values() if not alias or source.alias == alias.lower()
    ]
    if not sources:
        raise unsupported()
    return [
        _Projection(column, None, scope.resolve(column, source.alias))
        for source in sources
        for column in source.columns
    ]


def _order_items(query: exp.Expr) -> list[exp.Ordered]:
    while isinstance(query, exp.Subquery):
        query = query.this
    order = query.args.get("order")
    return [] if order is None else list(order.expressions)


def _position(node: exp.Expr, block: _Block) -> int | None:
    """Return which column of the block a sort key names: by number, by alias, by repetition."""
    if isinstance(node, exp.Literal) and not node.is_string:
        position = int(node.name) - 1 if node.name.isdecimal() else -1
        if not 0 <= position < len(block.projections):
            raise unsupported()
        return position
    for index, projection in enumerate(block.projections):
        if isinstance(node, exp.Column) and not node.table and node.name.lower() == projection.name:
            return index
        if node == projection.node:
            return index
    return None


def _row_limit(query: exp.Expr) -> str | None:
    """Return the n of FETCH FIRST n ROWS ONLY or TOP n."""
    while isinstance(query, exp.Subquery):
        query = query.this
    limit = query.args.get("limit")
    if limit is None:
        return None
    count = limit.args.get("count") or limit.args.get("expression")
    if not isinstance(count, exp.Literal) or not count.name.isdecimal():
        raise unsupported()
    return count.name

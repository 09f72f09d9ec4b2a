"""SELECT: columns, conditions, groups, and ROWNUM."""

from dataclasses import replace

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.aggregates import AGGREGATES
from tap_netsuite_tba.simulator.suiteql.blocks import Block, Projection
from tap_netsuite_tba.simulator.suiteql.kinds import Kind, identifier
from tap_netsuite_tba.simulator.suiteql.ordering import order_items
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import is_pseudocolumn
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.reserved_words import RESERVED_WORDS
from tap_netsuite_tba.simulator.suiteql.rownum import (
    check_row_condition,
    counts_rows,
    row_number,
)
from tap_netsuite_tba.simulator.suiteql.scope import Scope, Source
from tap_netsuite_tba.simulator.suiteql.sources import from_clause

_PARTS = {
    "with_",
    "expressions",
    "from_",
    "joins",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "distinct",
    "kind",
    "hint",
    "operation_modifiers",
}


def select(query: exp.Select, scope: Scope) -> Block:
    """Translate a SELECT; its sources enter ``scope``.

    Raises:
        Refusal: it has a clause or a name that SuiteQL does not have.
    """
    if any(value and name not in _PARTS for name, value in query.args.items()):
        raise unsupported()
    distinct = query.args.get("distinct")
    if distinct and distinct.args.get("on"):
        raise unsupported()
    tail, conditions = from_clause(query, scope)
    scope = replace(scope, rownum=row_number(scope.sources.values()))
    where, qualify = _where(conditions, scope)
    tail += where + qualify
    if qualify and _is_grouped(query):
        # Rows are counted before they are grouped: here each source is a column of its rows.
        tail = f" FROM (SELECT {', '.join(map(identifier, scope.sources))}{tail})"
    if group := query.args.get("group"):
        if {name for name, value in group.args.items() if value} != {"expressions"}:
            raise unsupported()
        texts = (_group(item, scope) for item in group.expressions)
        tail += f" GROUP BY {', '.join(texts)}"
    if having := query.args.get("having"):
        tail += f" HAVING {scope.condition(having.this)}"
    head = "SELECT DISTINCT" if distinct else "SELECT"
    merges = bool(distinct) or _is_grouped(query)
    row_id = "" if merges or scope.is_counted else _row_id(scope)
    is_ordered = not merges and any(source.is_ordered for source in scope.sources.values())
    return Block(head, _projections(query, scope), tail, scope, row_id, is_ordered)


def _row_id(scope: Scope) -> str:
    """Return DuckDB's text for the place of a row; empty unless it is one of one stored table."""
    match list(scope.sources.values()):
        case [Source(alias, str(table))] if scope.session.catalog.is_whole(table):
            return f"{identifier(alias)}.rowid"
    return ""


def _group(item: exp.Expr, scope: Scope) -> str:
    text = scope.translate(item).sql
    bare = item.unnest()
    bare = bare.this.unnest() if isinstance(bare, exp.Neg) else bare
    # To Oracle a number is a constant here, to DuckDB a column's place.
    return f"({text} + 0)" if isinstance(bare, exp.Literal) and not bare.is_string else text


def _is_grouped(query: exp.Select) -> bool:
    if query.args.get("group") or query.args.get("having"):
        return True
    return any(
        isinstance(node, exp.Anonymous)
        and node.name.upper() in AGGREGATES
        and not isinstance(node.parent, exp.Window)
        for item in [*query.expressions, *order_items(query)]
        for node in item.walk(prune=_is_query)
    )


def _is_query(node: exp.Expr) -> bool:
    return isinstance(node, exp.Query)


def _where(conditions: list[exp.Expr], scope: Scope) -> tuple[str, str]:
    """Return the conditions on rows, and those on ROWNUM."""
    where: list[str] = []
    qualify: list[str] = []
    for condition in conditions:
        if counts_rows(condition):
            check_row_condition(condition)
            # Rows are numbered as they pass: what refuses number one refuses all.
            first = replace(scope, rownum="1")
            qualify += [first.condition(condition), scope.condition(condition)]
        else:
            where.append(scope.condition(condition))
    return (
        f" WHERE {' AND '.join(where)}" if where else "",
        f" QUALIFY {' AND '.join(qualify)}" if qualify else "",
    )


def _projections(query: exp.Select, scope: Scope) -> tuple[Projection, ...]:
    projections: list[Projection] = []
    unnamed = 0
    for item in query.expressions:
        if isinstance(item, exp.Star):
            if any(item.args.values()):
                raise unsupported()
            projections += _all_columns(scope, "")
        elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            projections += _all_columns(scope, item.table)
        else:
            node = item.this if isinstance(item, exp.Alias) else item
            _check_alias(item, scope)
            name = _name(item)
            if not name:
                unnamed += 1
                name = f"expr{unnamed}"
            value = scope.translate(node)
            if value.kind is Kind.CONDITION:
                raise unsupported()
            projections.append(Projection(name.lower(), node, value))
    return tuple(projections)


def _name(item: exp.Expr) -> str:
    """Return the name that the query gives to an item of its SELECT; empty if none."""
    if isinstance(item, exp.Column) and not item.table and is_pseudocolumn(item.name):
        return ""
    return item.alias_or_name if isinstance(item, exp.Alias | exp.Column) else ""


def _check_alias(item: exp.Expr, scope: Scope) -> None:
    """Refuse a reserved word as an alias, where the switch wants that.

    Raises:
        Refusal: it is one, and not quoted.
    """
    if scope.session.switches.reserved_alias == "accepted" or not isinstance(item, exp.Alias):
        return
    alias = item.args["alias"]
    if alias.name.upper() in RESERVED_WORDS and not alias.args.get("quoted"):
        raise unsupported()


def _all_columns(scope: Scope, alias: str) -> list[Projection]:
    sources = scope.candidates(alias)
    if not sources:
        raise unsupported()
    return [
        Projection(column, None, scope.resolve(column, source.alias))
        for source in sources
        for column in source.columns
    ]

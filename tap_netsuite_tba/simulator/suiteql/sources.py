"""The FROM clause: tables, sub-selects and how they are joined."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.kinds import identifier
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.rownum import at_a_random_place
from tap_netsuite_tba.simulator.suiteql.scope import Scope, Source

_JOINS = frozenset({"INNER", "LEFT", "RIGHT", "FULL", "CROSS"})


def from_clause(query: exp.Select, scope: Scope) -> tuple[str, list[exp.Expr]]:
    """Translate the FROM clause and enter its sources into ``scope``.

    Returns:
        DuckDB's text, and the conditions of WHERE but for those of outer joins.

    Raises:
        Refusal: a table is unknown or hidden, or ANSI joins and Oracle's are mixed.
    """
    where = query.args.get("where")
    conditions = [] if where is None else list(_conjunction(where.this))
    clause = query.args.get("from_")
    if clause is None:
        return "", conditions
    joins = query.args.get("joins") or []
    commas = [join.args.keys() == {"this"} for join in joins]
    if any(commas) and not all(commas):
        raise unsupported()
    first = _source(clause.this, scope)
    if not any(commas):
        return f" FROM {first}{''.join(_ansi_join(join, scope) for join in joins)}", conditions
    others = [_source(join.this, scope) for join in joins]
    return _oracle_joins([first, *others], conditions, scope)


def _conjunction(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the conditions that AND joins, in their order."""
    waiting = [node]
    while waiting:
        condition = waiting.pop()
        inner = condition.unnest()
        if isinstance(inner, exp.And):
            waiting += [inner.expression, inner.this]
        else:
            yield condition


def _ansi_join(join: exp.Join, scope: Scope) -> str:
    if join.args.get("using") or join.method:
        raise unsupported()
    source = _source(join.this, scope)
    kind = join.side or join.kind or "INNER"
    condition = join.args.get("on")
    if kind not in _JOINS or (condition is None) != (kind == "CROSS"):
        raise unsupported()
    on = "" if condition is None else f" ON {scope.condition(condition)}"
    return f" {kind} JOIN {source}{on}"


def _oracle_joins(
    sources: Sequence[str], conditions: Sequence[exp.Expr], scope: Scope
) -> tuple[str, list[exp.Expr]]:
    """Join tables that commas separate; those marked with (+) may have no row."""
    outer: dict[str, list[str]] = {}
    rest: list[exp.Expr] = []
    for condition in conditions:
        marked = [
            column for column in condition.find_all(exp.Column) if column.args.get("join_mark")
        ]
        if not marked:
            rest.append(condition)
            continue
        alias = _optional_source(condition, marked)
        for column in marked:
            column.set("join_mark", False)  # noqa: FBT003  # sqlglot's signature
        outer.setdefault(alias, []).append(scope.condition(condition))
    named = dict(zip(scope.sources, sources, strict=True))
    if not outer.keys() < named.keys():
        raise unsupported()
    inner = " CROSS JOIN ".join(text for alias, text in named.items() if alias not in outer)
    left = "".join(
        f" LEFT JOIN {named[alias]} ON {' AND '.join(outer[alias])}"
        for alias in named
        if alias in outer
    )
    return f" FROM {inner}{left}", rest


def _optional_source(condition: exp.Expr, marked: Sequence[exp.Column]) -> str:
    """Return the alias that a condition with (+) marks.

    Raises:
        Refusal: it is a right outer join, which SuiteQL does not have in Oracle's syntax, or
            none of the simple conditions that may be marked.
    """
    condition = condition.unnest()
    aliases = {column.table.lower() for column in marked}
    if len(aliases) != 1 or not isinstance(condition, exp.Predicate) or condition.find(exp.Query):
        raise unsupported()
    if isinstance(condition, exp.Binary):
        right = condition.expression.find_all(exp.Column)
        if any(column not in marked for column in right):
            raise unsupported()
    return aliases.pop()


def _source(node: exp.Expr, scope: Scope) -> str:
    if any(value and name not in {"this", "alias"} for name, value in node.args.items()):
        raise unsupported()
    names = node.args.get("alias")
    if names is not None and names.args.get("columns"):
        raise unsupported()
    if isinstance(node, exp.Subquery):
        inner = scope.session.subquery(node.this, replace(scope, sources={}))
        alias = node.alias.lower() or f"subquery{len(scope.sources)}"
        source = Source(alias, None, inner.names, alias, inner.is_ordered)
        stored = f"({inner.sql})"
    elif isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        source, stored = _table(node.name, (node.alias or node.name).lower(), scope)
    else:
        raise unsupported()
    if source.alias in scope.sources:
        raise unsupported()
    scope.sources[source.alias] = source
    if scope.is_counted and not source.is_ordered:
        stored = at_a_random_place(stored)
    return f"{stored} AS {identifier(source.alias)}"


def _table(name: str, alias: str, scope: Scope) -> tuple[Source, str]:
    named = scope.named.get(name.lower())
    if named is not None:
        return Source(alias, None, named.names, alias, named.is_ordered), f"({named.sql})"
    catalog = scope.session.catalog
    return Source(alias, name.lower(), catalog.columns(name), name), catalog.rows(name)

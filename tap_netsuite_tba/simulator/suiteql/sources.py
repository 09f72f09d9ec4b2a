"""The FROM clause: tables, sub-selects and how they are joined."""

from dataclasses import replace

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.expressions import translate
from tap_netsuite_tba.simulator.suiteql.kinds import identifier
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Scope, Source

_JOINS = frozenset({"INNER", "LEFT", "RIGHT", "FULL", "CROSS"})


def from_clause(query: exp.Select, scope: Scope) -> str:
    """Translate the FROM clause and enter its sources into ``scope``.

    Raises:
        Refusal: a table is unknown or hidden, or ANSI joins and commas are mixed.
    """
    clause = query.args.get("from_")
    if clause is None:
        return ""
    text = f" FROM {_source(clause.this, scope)}"
    joins = query.args.get("joins") or []
    commas = [not (join.side or join.kind or join.args.get("on")) for join in joins]
    if any(commas) and not all(commas):
        raise unsupported()
    for join, comma in zip(joins, commas, strict=True):
        if join.args.get("using") or join.method:
            raise unsupported()
        source = _source(join.this, scope)
        if comma:
            text += f", {source}"
            continue
        kind = join.side or join.kind or "INNER"
        condition = join.args.get("on")
        if kind not in _JOINS or (condition is None) != (kind == "CROSS"):
            raise unsupported()
        text += f" {kind} JOIN {source}"
        if condition is not None:
            text += f" ON {translate(condition, scope).sql}"
    return text


def _source(node: exp.Expr, scope: Scope) -> str:
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        if node.args.get("db") or node.args.get("joins"):
            raise unsupported()
        table = node.name.lower()
        columns = scope.session.catalog.columns(node.name)
        alias = (node.alias or table).lower()
        stored = identifier(table) if table != "dual" else "(SELECT 'X' AS dummy)"
    elif isinstance(node, exp.Subquery):
        inner = scope.session.subquery(node.this, replace(scope, sources={}))
        alias = (node.alias or f"subquery{len(scope.sources)}").lower()
        table, columns, stored = None, dict(inner.columns), f"({inner.sql})"
    else:
        raise unsupported()
    if alias in scope.sources:
        raise unsupported()
    scope.sources[alias] = Source(alias, table, columns)
    return f"{stored} AS {identifier(alias)}"

"""Functions, aggregates, windows and BUILTIN: what SuiteQL calls by a name."""

from collections.abc import Mapping

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.aggregates import AGGREGATES, ANALYTIC, ORDERED
from tap_netsuite_tba.simulator.suiteql.builtins import builtin
from tap_netsuite_tba.simulator.suiteql.conversions import cast, extract
from tap_netsuite_tba.simulator.suiteql.functions import FUNCTIONS
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind
from tap_netsuite_tba.simulator.suiteql.ordering import direction
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.scope import Handler, Scope


def _function(node: exp.Expr, scope: Scope) -> Expression:
    name = node.name.upper()
    if name in AGGREGATES:
        return _aggregate(name, node, scope)
    function = FUNCTIONS.get(name)
    if function is None:
        raise unsupported()
    arguments = [scope.translate(argument) for argument in node.expressions]
    return function(arguments, scope.session.preferences)


def _aggregate(name: str, node: exp.Expr, scope: Scope) -> Expression:
    match node.expressions:
        case [exp.Star()] if name == "COUNT":
            return Expression("count(*)", Kind.NUMBER)
        case [exp.Distinct(expressions=[only])]:
            value = scope.translate(only)
            distinct = Expression(f"DISTINCT {value.sql}", value.kind)
            return AGGREGATES[name]([distinct], scope.session.preferences)
    arguments = [scope.translate(argument) for argument in node.expressions]
    return AGGREGATES[name](arguments, scope.session.preferences)


def _window(node: exp.Expr, scope: Scope) -> Expression:
    inner, ignores_nulls = _without_ignore_nulls(node.this)
    is_window = node.args["over"] == "OVER" and not node.args.get("alias")  # no KEEP, no name
    if not is_window or not isinstance(inner, exp.Anonymous):
        raise unsupported()
    if inner.name.upper() in ORDERED and not node.args.get("order"):
        raise unsupported()
    analytic = ANALYTIC.get(inner.name.upper())
    if analytic is not None:
        arguments = [scope.translate(argument) for argument in inner.expressions]
        function = analytic(arguments, scope.session.preferences)
    elif inner.name.upper() in AGGREGATES:
        function = _function(inner, scope)
    else:
        raise unsupported()
    parts: list[str] = []
    if partition := node.args.get("partition_by"):
        texts = ", ".join(scope.translate(part).sql for part in partition)
        parts.append(f"PARTITION BY {texts}")
    if order := node.args.get("order"):
        texts = ", ".join(
            scope.translate(item.this).sql + direction(item) for item in order.expressions
        )
        parts.append(f"ORDER BY {texts}")
    if frame := node.args.get("spec"):
        parts.append(_frame(frame, scope))
    sql = function.sql
    if ignores_nulls:
        sql = f"{sql.removesuffix(')')} IGNORE NULLS)"
    return Expression(f"{sql} OVER ({' '.join(parts)})", function.kind)


def _without_ignore_nulls(node: exp.Expr) -> tuple[exp.Expr, bool]:
    """Return a function without IGNORE NULLS, which may stand inside or behind its parentheses."""
    if isinstance(node, exp.IgnoreNulls):
        return node.this, True
    match node.expressions:
        case [exp.IgnoreNulls(this=value), *others]:
            return exp.Anonymous(this=node.name, expressions=[value, *others]), True
    return node, False


def _frame(frame: exp.Expr, scope: Scope) -> str:
    """Translate ROWS or RANGE with its bounds."""
    start = _bound(frame, "start", scope)
    if frame.args.get("end") is None:
        return f"{frame.args['kind']} {start}"
    return f"{frame.args['kind']} BETWEEN {start} AND {_bound(frame, 'end', scope)}"


def _bound(frame: exp.Expr, name: str, scope: Scope) -> str:
    bound = frame.args[name]
    text = bound if isinstance(bound, str) else scope.translate(bound).sql
    return f"{text} {frame.args.get(f'{name}_side') or ''}".rstrip()


def _builtin(node: exp.Expr, scope: Scope) -> Expression:
    function = node.expression
    if node.this.name.upper() != "BUILTIN" or not isinstance(function, exp.Anonymous):
        raise unsupported()
    return builtin(function.name, function.expressions, scope)


def _cast(node: exp.Expr, scope: Scope) -> Expression:
    value = scope.translate(node.this)
    return cast(value, node.args["to"], scope.session.preferences)


def _extract(node: exp.Expr, scope: Scope) -> Expression:
    value = scope.translate(node.expression)
    return extract(node.name.lower(), value, scope.session.preferences)


CALLS: Mapping[type[exp.Expr], Handler] = {
    exp.Anonymous: _function,
    exp.Cast: _cast,
    exp.Dot: _builtin,
    exp.Extract: _extract,
    exp.Window: _window,
}

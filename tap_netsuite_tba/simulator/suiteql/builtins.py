"""BUILTIN.*: the functions that NetSuite adds to SQL.

===================  =============================================================================
DF                   the label of a reference: labels.py
CF                   a status with its type (``SalesOrd:B``); any other value as it is
HIERARCHY            with DISPLAY_JOINED or DISPLAY: the label, which names the records above
MNFILTER             with MN_INCLUDE, MN_EXCLUDE and their _ALL and _EXACTLY: T or F
RELATIVE_RANGES      a day named from today: relative_ranges.py
CONSOLIDATE          refused: which rate it takes for a row is not documented
CURRENCY             refused: what it returns is not documented
CURRENCY_CONVERT     refused: which day's rate it takes is not documented
NAMED_GROUP, PERIOD  refused: which rows they choose is not documented
===================  =============================================================================
"""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.formulas import as_text, filled
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind
from tap_netsuite_tba.simulator.suiteql.labels import Referring, label, status_code
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.relative_ranges import relative_range
from tap_netsuite_tba.simulator.suiteql.scope import Scope

Arguments = Sequence[exp.Expr]

# Of the ids that a multi-select {0} has and those that are asked for, {1}.
_FILTERS: Mapping[str, str] = {
    "MN_INCLUDE": "list_has_any({0}, {1})",
    "MN_INCLUDE_ALL": "list_has_all({0}, {1})",
    "MN_INCLUDE_EXACTLY": "list_sort({0}) = list_sort({1})",
    "MN_EXCLUDE": "NOT list_has_any({0}, {1})",
    "MN_EXCLUDE_ALL": "NOT list_has_all({0}, {1})",
    "MN_EXCLUDE_EXACTLY": "list_sort({0}) <> list_sort({1})",
}


def builtin(name: str, arguments: Arguments, scope: Scope) -> Expression:
    """Translate ``BUILTIN.name(arguments)``.

    Raises:
        Refusal: there is no such function, or it is not imitated.
    """
    function = _BUILTINS.get(name.upper())
    if function is None:
        raise unsupported()
    return function(arguments, scope)


def _df(arguments: Arguments, scope: Scope) -> Expression:
    match arguments:
        case [exp.Column() as column]:
            return label(_referring(column, scope), scope.session)
    raise unsupported()


def _cf(arguments: Arguments, scope: Scope) -> Expression:
    match arguments:
        case [exp.Column() as column]:
            referring = _referring(column, scope)
        case _:
            raise unsupported()
    if referring.column == "status":
        return status_code(referring)
    return as_text(referring.value, scope.session.preferences)


def _hierarchy(arguments: Arguments, scope: Scope) -> Expression:
    match arguments:
        case [exp.Column(), exp.Literal(this="DISPLAY" | "DISPLAY_JOINED")]:
            return _df(arguments[:1], scope)
    raise unsupported()


def _mnfilter(arguments: Arguments, scope: Scope) -> Expression:
    match arguments:
        case [exp.Column() as column, exp.Literal(this=operator), _, _, *rest]:
            text = _FILTERS.get(operator)
        case _:
            raise unsupported()
    wanted = [scope.translate(each) for each in rest if not isinstance(each, exp.Null)]
    if text is None or not wanted:
        raise unsupported()
    preferences = scope.session.preferences
    has = as_text(scope.translate(column), preferences).sql
    ids = ", ".join(f"CAST({as_text(each, preferences).sql} AS VARCHAR)" for each in wanted)
    condition = filled(text, [f"string_split(coalesce({has}, ''), ', ')", f"[{ids}]"])
    return Expression(f"(CASE WHEN {condition} THEN 'T' ELSE 'F' END)", Kind.TEXT)


def _relative_ranges(arguments: Arguments, scope: Scope) -> Expression:
    match arguments:
        case [exp.Literal(this=name), exp.Literal(this=end), *rest] if len(rest) <= 1:
            return relative_range(name.upper(), end.upper(), scope.session.preferences)
    raise unsupported()


def _referring(column: exp.Column, scope: Scope) -> Referring:
    """Return what is known of a column."""
    name = column.name.lower()
    value = scope.translate(column)
    having = [source for source in scope.candidates(column.table) if name in source.columns]
    if not having:
        return Referring(name, None, value, None)
    [source] = having
    kind = None
    if name in {"status", "type"} and {"status", "type"} <= source.columns.keys():
        kind = scope.resolve("type", source.alias)
    return Referring(name, source.table, value, kind)


_BUILTINS: Mapping[str, Callable[[Arguments, Scope], Expression]] = {
    "CF": _cf,
    "DF": _df,
    "HIERARCHY": _hierarchy,
    "MNFILTER": _mnfilter,
    "RELATIVE_RANGES": _relative_ranges,
}

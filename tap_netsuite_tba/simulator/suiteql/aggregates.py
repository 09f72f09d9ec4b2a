"""Aggregates, and functions of a window."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.choices import one_kind
from tap_netsuite_tba.simulator.suiteql.formulas import Arguments, Function
from tap_netsuite_tba.simulator.suiteql.kinds import CLOCKS, Expression, Kind, Preferences
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported


def _numeric(name: str, arity: int = 1) -> Function:
    """A function that returns a number, of numbers."""

    def translate(arguments: Arguments, _preferences: Preferences) -> Expression:
        if len(arguments) != arity or any(value.kind in CLOCKS for value in arguments):
            raise unsupported()
        texts = ", ".join(argument.sql for argument in arguments)
        return Expression(f"{name}({texts})", Kind.NUMBER)

    return translate


def _spread(sample: str, population: str) -> Function:
    """STDDEV and VARIANCE: those of a sample, but of a single value 0."""
    names = (_numeric(sample), _numeric(population))

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        texts = ", ".join(name(arguments, preferences).sql for name in names)
        return Expression(f"coalesce({texts})", Kind.NUMBER)

    return translate


def _count(name: str) -> Function:
    """A function that counts anything."""

    def translate(arguments: Arguments, _preferences: Preferences) -> Expression:
        match arguments:
            case [value]:
                return Expression(f"{name}({value.sql})", Kind.NUMBER)
        raise unsupported()

    return translate


def _same_kind(name: str) -> Function:
    """A function that returns one of the values."""

    def translate(arguments: Arguments, _preferences: Preferences) -> Expression:
        match arguments:
            case [value]:
                return Expression(f"{name}({value.sql})", value.kind, zone=value.zone)
        raise unsupported()

    return translate


def _neighbour(name: str) -> Function:
    """LAG and LEAD: a value, how many rows away, and what stands where there is none."""

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        match arguments:
            case [value]:
                return _same_kind(name)([value], preferences)
            case [value, distance]:
                return Expression(f"{name}({value.sql}, {distance.sql})", value.kind)
            case [value, distance, otherwise]:
                [text, default], kind = one_kind([value, otherwise], preferences)
                return Expression(f"{name}({text}, {distance.sql}, {default})", kind)
        raise unsupported()

    return translate


def _nth_value(arguments: Arguments, _preferences: Preferences) -> Expression:
    match arguments:
        case [value, number]:
            return Expression(f"nth_value({value.sql}, {number.sql})", value.kind)
    raise unsupported()


AGGREGATES: Mapping[str, Function] = {
    "APPROX_COUNT_DISTINCT": _count("approx_count_distinct"),
    "AVG": _numeric("avg"),
    "CORR": _numeric("corr", 2),
    "COUNT": _count("count"),
    "COVAR_POP": _numeric("covar_pop", 2),
    "COVAR_SAMP": _numeric("covar_samp", 2),
    "MAX": _same_kind("max"),
    "MEDIAN": _same_kind("median"),
    "MIN": _same_kind("min"),
    "STATS_MODE": _same_kind("mode"),
    "STDDEV": _spread("stddev_samp", "stddev_pop"),
    "STDDEV_POP": _numeric("stddev_pop"),
    "STDDEV_SAMP": _numeric("stddev_samp"),
    "SUM": _numeric("sum"),
    "VARIANCE": _spread("var_samp", "var_pop"),
    "VAR_POP": _numeric("var_pop"),
    "VAR_SAMP": _numeric("var_samp"),
}

# With OVER; most of them only so.
ANALYTIC: Mapping[str, Function] = {
    "CUME_DIST": _numeric("cume_dist", 0),
    "DENSE_RANK": _numeric("dense_rank", 0),
    "FIRST_VALUE": _same_kind("first_value"),
    "LAG": _neighbour("lag"),
    "LAST_VALUE": _same_kind("last_value"),
    "LEAD": _neighbour("lead"),
    "NTH_VALUE": _nth_value,
    "NTILE": _numeric("ntile"),
    "PERCENT_RANK": _numeric("percent_rank", 0),
    "RANK": _numeric("rank", 0),
    "ROW_NUMBER": _numeric("row_number", 0),
    # In a window of a single row they are null, where Oracle has 0.
    "STDDEV": _numeric("stddev_samp"),
    "VARIANCE": _numeric("var_samp"),
}

ORDERED = frozenset(ANALYTIC) - {
    *("FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "STDDEV", "VARIANCE"),
}
"""Which of them Oracle refuses without an ORDER BY in their window."""

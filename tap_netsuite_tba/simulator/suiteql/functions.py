"""The functions of SuiteQL: a name, and what DuckDB calls it. Any other is refused."""

from collections.abc import Callable, Mapping, Sequence

from tap_netsuite_tba.simulator.suiteql.formats import preference_format, strftime_format
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    aligned,
    common_kind,
    number_text,
    quoted,
    to_clock,
    to_instant,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

Arguments = Sequence[Expression]
Function = Callable[[Arguments, Preferences], Expression]


def _renamed(name: str, kind: Kind, least: int = 1, most: int | None = None) -> Function:
    """A function that DuckDB has, perhaps by another name."""

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        if not least <= len(arguments) <= (most or least):
            raise unsupported()
        texts = (
            as_text(argument, preferences).sql if kind is Kind.TEXT and not index else argument.sql
            for index, argument in enumerate(arguments)
        )
        return Expression(f"{name}({', '.join(texts)})", kind)

    return translate


def _same_kind(name: str) -> Function:
    """A function whose value is of the kind of its arguments."""

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        if not arguments:
            raise unsupported()
        values = aligned(arguments, preferences)
        texts = ", ".join(value.sql for value in values)
        return Expression(f"{name}({texts})", common_kind(values))

    return translate


def _null_if_any(name: str) -> Function:
    """GREATEST and LEAST: DuckDB skips nulls, Oracle does not."""
    pick = _same_kind(name)

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        picked = pick(arguments, preferences)
        absent = " OR ".join(f"{argument.sql} IS NULL" for argument in arguments)
        return Expression(f"(CASE WHEN {absent} THEN NULL ELSE {picked.sql} END)", picked.kind)

    return translate


def as_text(value: Expression, preferences: Preferences) -> Expression:
    """Return a value as TO_CHAR with no format prints it."""
    if value.kind in CLOCKS:
        pattern = quoted(preference_format(preferences.date_format))
        return Expression(f"strftime({to_clock(value, preferences).sql}, {pattern})", Kind.TEXT)
    if value.kind is Kind.NUMBER:
        return Expression(number_text(value.sql), Kind.TEXT)
    return value


def _literal_format(argument: Expression) -> str:
    if argument.literal is None:
        raise unsupported()
    return quoted(strftime_format(argument.literal))


def _to_char(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value]:
            return as_text(value, preferences)
        case [value, pattern] if value.kind in CLOCKS:
            clock = to_clock(value, preferences).sql
            return Expression(f"strftime({clock}, {_literal_format(pattern)})", Kind.TEXT)
    raise unsupported()


def _to_clock(arguments: Arguments, preferences: Preferences) -> Expression:
    """TO_DATE and TO_TIMESTAMP: text that reads as a clock of the session."""
    match arguments:
        case [value] if value.kind in CLOCKS:
            return to_clock(value, preferences)
        case [value]:
            pattern = quoted(preference_format(preferences.date_format))
        case [value, form]:
            pattern = _literal_format(form)
        case _:
            raise unsupported()
    return Expression(f"strptime({value.sql}, {pattern})", Kind.LOCAL)


def _sys_extract_utc(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value] if value.kind in CLOCKS:
            return Expression(to_instant(value, preferences).sql, Kind.UTC)
    raise unsupported()


def _trunc(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value] if value.kind in CLOCKS:
            return Expression(f"date_trunc('day', {to_clock(value, preferences).sql})", Kind.LOCAL)
        case [value, unit] if value.kind in CLOCKS:
            part = _TRUNCATIONS.get((unit.literal or "").upper())
            if part is None:
                raise unsupported()
            clock = to_clock(value, preferences).sql
            return Expression(f"date_trunc('{part}', {clock})", Kind.LOCAL)
        case [value]:
            return Expression(f"trunc({value.sql})", Kind.NUMBER)
        case [value, places]:
            power = f"power(10, {places.sql})"
            return Expression(f"(trunc({value.sql} * {power}) / {power})", Kind.NUMBER)
    raise unsupported()


_TRUNCATIONS = {
    "YYYY": "year",
    "YEAR": "year",
    "YY": "year",
    "Q": "quarter",
    "MONTH": "month",
    "MON": "month",
    "MM": "month",
    "IW": "week",
    "DD": "day",
    "DDD": "day",
    "HH": "hour",
    "HH24": "hour",
    "MI": "minute",
}


def _decode(arguments: Arguments, preferences: Preferences) -> Expression:
    if len(arguments) < len(("value", "search", "result")):
        raise unsupported()
    subject, *rest = arguments
    fallback = rest.pop() if len(rest) % 2 else Expression("NULL", Kind.UNKNOWN)
    searches, results = rest[::2], rest[1::2]
    *results, fallback = aligned([*results, fallback], preferences)
    branches: list[str] = []
    for search, result in zip(searches, results, strict=True):
        left, right = aligned([subject, search], preferences)
        branches.append(f"WHEN {left.sql} IS NOT DISTINCT FROM {right.sql} THEN {result.sql}")
    sql = f"(CASE {' '.join(branches)} ELSE {fallback.sql} END)"
    return Expression(sql, common_kind([*results, fallback]))


def _nvl2(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value, present, absent]:
            chosen = aligned([present, absent], preferences)
            sql = f"(CASE WHEN {value.sql} IS NULL THEN {chosen[1].sql} ELSE {chosen[0].sql} END)"
            return Expression(sql, common_kind(chosen))
    raise unsupported()


def _on_clock(template: str, kind: Kind) -> Function:
    """A function of clocks; ``{0}`` is the first argument as the session's clock, and so on."""

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        values = [to_clock(argument, preferences).sql for argument in arguments]
        if not arguments or arguments[0].kind not in CLOCKS or len(values) != _arity(template):
            raise unsupported()
        return Expression(template.format(*values), kind)

    return translate


def _arity(template: str) -> int:
    return sum(f"{{{index}}}" in template for index in range(3))


def _concat(arguments: Arguments, preferences: Preferences) -> Expression:
    """``||``: a null is an empty text."""
    texts = ", ".join(as_text(argument, preferences).sql for argument in arguments)
    return Expression(f"concat({texts})", Kind.TEXT)


def _regexp_replace(arguments: Arguments, _preferences: Preferences) -> Expression:
    match arguments:
        case [value, pattern]:
            return Expression(f"regexp_replace({value.sql}, {pattern.sql}, '', 'g')", Kind.TEXT)
        case [value, pattern, new]:
            sql = f"regexp_replace({value.sql}, {pattern.sql}, {new.sql}, 'g')"
            return Expression(sql, Kind.TEXT)
    raise unsupported()


def _to_number(arguments: Arguments, _preferences: Preferences) -> Expression:
    match arguments:
        case [value]:
            return Expression(f"CAST({value.sql} AS DECIMAL(38, 10))", Kind.NUMBER)
    raise unsupported()


FUNCTIONS: Mapping[str, Function] = {
    "ABS": _renamed("abs", Kind.NUMBER),
    "ADD_MONTHS": _on_clock("({0} + to_months(CAST({1} AS INTEGER)))", Kind.LOCAL),
    "CEIL": _renamed("ceil", Kind.NUMBER),
    "COALESCE": _same_kind("coalesce"),
    "CONCAT": _concat,
    "DECODE": _decode,
    "FLOOR": _renamed("floor", Kind.NUMBER),
    "GREATEST": _null_if_any("greatest"),
    "INSTR": _renamed("instr", Kind.NUMBER, 2),
    "LAST_DAY": _on_clock("last_day({0})", Kind.LOCAL),
    "LEAST": _null_if_any("least"),
    "LENGTH": _renamed("length", Kind.NUMBER),
    "LOWER": _renamed("lower", Kind.TEXT),
    "LPAD": _renamed("lpad", Kind.TEXT, 3),
    "LTRIM": _renamed("ltrim", Kind.TEXT, 1, 2),
    "MOD": _renamed("mod", Kind.NUMBER, 2),
    "MONTHS_BETWEEN": _on_clock("(date_diff('day', {1}, {0}) / 30.4375)", Kind.NUMBER),
    "NULLIF": _same_kind("nullif"),
    "NVL": _same_kind("coalesce"),
    "NVL2": _nvl2,
    "ORA_HASH": _renamed("hash", Kind.NUMBER),
    "POWER": _renamed("power", Kind.NUMBER, 2),
    "REGEXP_LIKE": _renamed("regexp_matches", Kind.CONDITION, 2, 3),
    "REGEXP_REPLACE": _regexp_replace,
    "REGEXP_SUBSTR": _renamed("regexp_extract", Kind.TEXT, 2),
    "REPLACE": _renamed("replace", Kind.TEXT, 3),
    "ROUND": _renamed("round", Kind.NUMBER, 1, 2),
    "RPAD": _renamed("rpad", Kind.TEXT, 3),
    "RTRIM": _renamed("rtrim", Kind.TEXT, 1, 2),
    "SIGN": _renamed("sign", Kind.NUMBER),
    "SQRT": _renamed("sqrt", Kind.NUMBER),
    "SUBSTR": _renamed("substr", Kind.TEXT, 2, 3),
    "SYS_EXTRACT_UTC": _sys_extract_utc,
    "TO_CHAR": _to_char,
    "TO_DATE": _to_clock,
    "TO_NUMBER": _to_number,
    "TO_TIMESTAMP": _to_clock,
    "TRIM": _renamed("trim", Kind.TEXT),
    "TRUNC": _trunc,
    "UPPER": _renamed("upper", Kind.TEXT),
}

AGGREGATES: Mapping[str, Function] = {
    "AVG": _renamed("avg", Kind.NUMBER),
    "COUNT": _renamed("count", Kind.NUMBER),
    "MAX": _same_kind("max"),
    "MEDIAN": _renamed("median", Kind.NUMBER),
    "MIN": _same_kind("min"),
    "STDDEV": _renamed("stddev", Kind.NUMBER),
    "SUM": _renamed("sum", Kind.NUMBER),
    "VARIANCE": _renamed("variance", Kind.NUMBER),
}

# Only with OVER.
ANALYTIC: Mapping[str, Function] = {
    "DENSE_RANK": _renamed("dense_rank", Kind.NUMBER, 0, 0),
    "FIRST_VALUE": _same_kind("first_value"),
    "LAG": _same_kind("lag"),
    "LAST_VALUE": _same_kind("last_value"),
    "LEAD": _same_kind("lead"),
    "NTILE": _renamed("ntile", Kind.NUMBER),
    "RANK": _renamed("rank", Kind.NUMBER, 0, 0),
    "ROW_NUMBER": _renamed("row_number", Kind.NUMBER, 0, 0),
}

"""Functions of numbers."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.formulas import (
    Arguments,
    Function,
    as_number,
    filled,
    formula,
    whole_number,
)
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# A step back towards zero where rounding went away from it.
_TOWARDS_ZERO = (
    "(CASE WHEN abs({{0}}) < abs(round({{0}}, {places}))"
    " THEN round({{0}}, {places}) - sign({{0}}) * {step} ELSE round({{0}}, {places}) END)"
)
_MOST_PLACES = 30
_MOST_HASHES = 4_294_967_295


def round_number(arguments: Arguments, _preferences: Preferences) -> Expression:
    """Translate ROUND of a number; a half goes away from zero."""
    match arguments:
        case [value]:
            sql = f"round({as_number(value).sql})"
        case [value, places]:
            number = as_number(value).sql
            whole = whole_number(places)
            if whole is not None:
                sql = f"round({number}, {whole})"
            else:
                power = f"power(10, trunc({as_number(places).sql}))"
                sql = filled("(round({0} * {1}) / {1})", [number, power])
        case _:
            raise unsupported()
    return Expression(sql, Kind.NUMBER)


def cut_number(arguments: Arguments, _preferences: Preferences) -> Expression:
    """Translate TRUNC of a number."""
    match arguments:
        case [value]:
            return Expression(f"trunc({as_number(value).sql})", Kind.NUMBER)
        case [value, places]:
            number = as_number(value).sql
            whole = whole_number(places)
        case _:
            raise unsupported()
    if whole is None or abs(whole) > _MOST_PLACES:
        power = f"power(10, trunc({as_number(places).sql}))"
        return Expression(filled("(trunc({0} * {1}) / {1})", [number, power]), Kind.NUMBER)
    step = "0." + "0" * (whole - 1) + "1" if whole > 0 else "1" + "0" * -whole
    return Expression(filled(_TOWARDS_ZERO.format(places=whole, step=step), [number]), Kind.NUMBER)


def _mod(arguments: Arguments, _preferences: Preferences) -> Expression:
    """Translate MOD: the sign is the dividend's, and what is divided by 0 is itself."""
    match arguments:
        case [dividend, divisor]:
            numbers = [as_number(each).sql for each in (dividend, divisor)]
        case _:
            raise unsupported()
    if whole_number(divisor):
        return Expression(f"mod({numbers[0]}, {numbers[1]})", Kind.NUMBER)
    text = "(CASE WHEN {1} = 0 THEN {0} ELSE mod({0}, CASE WHEN {1} <> 0 THEN {1} ELSE 1 END) END)"
    return Expression(filled(text, numbers), Kind.NUMBER)


def _ora_hash(arguments: Arguments, _preferences: Preferences) -> Expression:
    """Translate ORA_HASH: a number from 0 to the last bucket, the same for equal values.

    Oracle's own numbers are not imitated; nobody can rely on them but for being equal.
    """
    match arguments:
        case [value, *rest] if len(rest) <= len(("last bucket", "seed")):
            numbers = [as_number(each).sql for each in rest]
        case _:
            raise unsupported()
    last, seed = [*numbers, str(_MOST_HASHES), "0"][:2] if len(rest) != 1 else [numbers[0], "0"]
    sql = f"CAST(hash({value.sql}, {seed}) % CAST({last} + 1 AS UBIGINT) AS BIGINT)"
    return Expression(sql, Kind.NUMBER)


def _of(text: str, takes: str = "n", *defaults: str) -> Function:
    return formula(text, Kind.NUMBER, takes, *defaults)


NUMBER_FUNCTIONS: Mapping[str, Function] = {
    "ABS": _of("abs({0})"),
    **{name: _of(f"{name.lower()}({{0}})") for name in ("ACOS", "ASIN", "ATAN", "COS", "COSH")},
    **{name: _of(f"{name.lower()}({{0}})") for name in ("SIN", "SINH", "TAN", "TANH", "EXP", "LN")},
    "ATAN2": _of("atan2({0}, {1})", "nn"),
    "BITAND": _of("(CAST({0} AS BIGINT) & CAST({1} AS BIGINT))", "nn"),
    "CEIL": _of("ceil({0})"),
    "FLOOR": _of("floor({0})"),
    "LOG": _of("(log10({1}) / log10({0}))", "nn"),
    "MOD": _mod,
    "ORA_HASH": _ora_hash,
    "POWER": _of("power({0}, {1})", "nn"),
    "REMAINDER": _of("({0} - {1} * round_even({0} / {1}, 0))", "nn"),
    "SIGN": _of("sign({0})"),
    "SQRT": _of("sqrt({0})"),
}

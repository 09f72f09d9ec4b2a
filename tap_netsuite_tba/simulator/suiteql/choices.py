"""Functions that choose one of their arguments: NVL, DECODE, GREATEST and their like."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.formulas import Arguments, Function, as_text, filled
from tap_netsuite_tba.simulator.suiteql.kinds import (
    Expression,
    Kind,
    Preferences,
    aligned,
    common_kind,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported


def one_kind(arguments: Arguments, preferences: Preferences) -> tuple[list[str], Kind]:
    """Bring arguments onto one scale; return their texts and kind."""
    values = aligned(arguments, preferences)
    return [value.sql for value in values], common_kind(values)


def _first_present(least: int, most: int) -> Function:
    """NVL and COALESCE."""

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        if not least <= len(arguments) <= most:
            raise unsupported()
        texts, kind = one_kind(arguments, preferences)
        return Expression(f"coalesce({', '.join(texts)})", kind)

    return translate


def _extreme(name: str) -> Function:
    """GREATEST and LEAST: DuckDB skips nulls, Oracle does not."""

    def translate(arguments: Arguments, preferences: Preferences) -> Expression:
        if not arguments:
            raise unsupported()
        texts, kind = one_kind(arguments, preferences)
        values = ", ".join(texts)
        # Worked out once, in a list.
        pick = f"CASE WHEN len(list_filter(l, lambda x: x IS NULL)) = 0 THEN list_{name}(l) END"
        return Expression(f"list_transform([[{values}]], lambda l: {pick})[1]", kind)

    return translate


def _nvl2(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value, *chosen] if len(chosen) == len(("present", "absent")):
            texts, kind = one_kind(chosen, preferences)
        case _:
            raise unsupported()
    return Expression(
        f"(CASE WHEN {value.sql} IS NOT NULL THEN {texts[0]} ELSE {texts[1]} END)", kind
    )


def _nullif(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [_, _]:
            [left, right], kind = one_kind(arguments, preferences)
        case _:
            raise unsupported()
    sql = filled("(CASE WHEN {0} = {1} THEN NULL ELSE {0} END)", [left, right])
    return Expression(sql, kind)


def _decode(arguments: Arguments, preferences: Preferences) -> Expression:
    """Translate DECODE, to which one null equals another; the first result says the kind."""
    if len(arguments) < len(("value", "search", "result")):
        raise unsupported()
    subject, *rest = arguments
    fallback = rest.pop() if len(rest) % 2 else Expression("NULL", Kind.UNKNOWN)
    searches = rest[::2]
    chosen = [*rest[1::2], fallback]
    if chosen[0].kind is Kind.TEXT:
        chosen = [as_text(each, preferences) for each in chosen]
    [*results, otherwise], kind = one_kind(chosen, preferences)
    branches: list[str] = []
    for search, result in zip(searches, results, strict=True):
        [left, right], _kind = one_kind([subject, search], preferences)
        branches.append(f"WHEN {left} IS NOT DISTINCT FROM {right} THEN {result}")
    return Expression(f"(CASE {' '.join(branches)} ELSE {otherwise} END)", kind)


CHOICES: Mapping[str, Function] = {
    "COALESCE": _first_present(2, 1000),
    "DECODE": _decode,
    "GREATEST": _extreme("max"),
    "LEAST": _extreme("min"),
    "NULLIF": _nullif,
    "NVL": _first_present(2, 2),
    "NVL2": _nvl2,
}

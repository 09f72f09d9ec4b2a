"""Functions of text."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.formulas import (
    Arguments,
    Function,
    as_number,
    as_text,
    filled,
    formula,
    present,
    whole_number,
)
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# A start of 0 is 1; one that lies before the text has nothing.
_SUBSTR = (
    "(CASE WHEN {1} < 0 AND length({0}) < -{1} THEN NULL"
    " ELSE substr({0}, CASE WHEN {1} = 0 THEN 1 ELSE {1} END, greatest({2}, 0)) END)"
)
_LENGTH = "2147483647"
_STARTS = "list_filter(range(1, length({0}) + 1), lambda i: substr({0}, i, length({1})) = {1})"
# Searched forwards from {2}, or backwards from {2} counted from the end; the {3}rd find counts.
_INSTR = (
    "(CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN {2} > 0 THEN"
    f" coalesce(list_filter({_STARTS}, lambda i: i >= {{2}})[{{3}}], 0) WHEN {{2}} < 0 THEN"
    f" coalesce(list_reverse(list_filter({_STARTS},"
    " lambda i: i <= length({0}) + {2} + 1))[{3}], 0) ELSE 0 END)"
)
_INITCAP = (
    "array_to_string(list_transform(regexp_extract_all({0}, '[\\pL\\pN]+|[^\\pL\\pN]+'),"
    " lambda w: upper(w[1]) || lower(w[2:])), '')"
)


def _whole(value: Expression) -> Expression:
    if whole_number(value) is not None:
        return value
    return Expression(f"CAST(trunc({as_number(value).sql}) AS BIGINT)", Kind.NUMBER)


def _substr(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value, start]:
            length = _LENGTH
        case [value, start, count]:
            length = _whole(count).sql
        case _:
            raise unsupported()
    text = as_text(value, preferences).sql
    first = whole_number(start)
    if first is not None and first >= 0 and length.isdecimal():
        return Expression(f"substr({text}, {max(first, 1)}, {length})", Kind.TEXT)
    return Expression(filled(_SUBSTR, [text, _whole(start).sql, length]), Kind.TEXT)


def _instr(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value, searched, *rest] if len(rest) <= len(("start", "occurrence")):
            texts = [present(as_text(each, preferences)).sql for each in (value, searched)]
        case _:
            raise unsupported()
    if not rest:
        return Expression(f"instr({texts[0]}, {texts[1]})", Kind.NUMBER)
    start, occurrence = [*(_whole(each).sql for each in rest), "1"][:2]
    return Expression(filled(_INSTR, [*texts, start, occurrence]), Kind.NUMBER)


def joined(arguments: Arguments, preferences: Preferences) -> Expression:
    """Translate ``||`` and CONCAT: a null is an empty text."""
    texts = ", ".join(as_text(argument, preferences).sql for argument in arguments)
    return Expression(f"concat({texts})", Kind.TEXT)


TEXT_FUNCTIONS: Mapping[str, Function] = {
    "ASCII": formula("ascii({0})", Kind.NUMBER, "t"),
    "CHR": formula("chr(CAST({0} AS INTEGER))", Kind.TEXT, "n"),
    "CONCAT": joined,
    "INITCAP": formula(_INITCAP, Kind.TEXT, "t"),
    "INSTR": _instr,
    "LENGTH": formula("length({0})", Kind.NUMBER, "t"),
    "LOWER": formula("lower({0})", Kind.TEXT, "t"),
    "LPAD": formula("lpad({0}, CAST({1} AS INTEGER), {2})", Kind.TEXT, "tnt", "' '"),
    "LTRIM": formula("ltrim({0}, {1})", Kind.TEXT, "tt", "' '"),
    "REPLACE": formula(
        "replace({0}, coalesce({1}, ''), coalesce({2}, ''))", Kind.TEXT, "ttt", "''"
    ),
    "RPAD": formula("rpad({0}, CAST({1} AS INTEGER), {2})", Kind.TEXT, "tnt", "' '"),
    "RTRIM": formula("rtrim({0}, {1})", Kind.TEXT, "tt", "' '"),
    "SUBSTR": _substr,
    "TRANSLATE": formula("translate({0}, {1}, {2})", Kind.TEXT, "ttt"),
    "TRIM": formula("trim({0}, ' ')", Kind.TEXT, "t"),
    "UPPER": formula("upper({0})", Kind.TEXT, "t"),
}

"""Functions of text."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.formulas import (
    Arguments,
    Function,
    as_number,
    as_text,
    bounded,
    filled,
    formula,
    text_formula,
    text_or_null,
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
    "list_aggregate(list_transform(regexp_extract_all({0}, '[\\pL\\pN]+|[^\\pL\\pN]+'),"
    " lambda w: upper(w[1]) || lower(w[2:])), 'string_agg', '')"
)
# Oracle's texts end at this many bytes.
_PADDED = "CASE WHEN {1} > 4000 THEN 4000 ELSE CAST(trunc({1}) AS INTEGER) END"
_REPLACE = bounded(
    "strlen({0}) * (strlen({2}) - 1)", "replace({0}, coalesce({1}, ''), coalesce({2}, ''))"
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
        return text_or_null(f"substr({{0}}, {max(first, 1)}, {length})", [text])
    return text_or_null(_SUBSTR, [text, _whole(start).sql, length])


def _instr(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value, searched, *rest] if len(rest) <= len(("start", "occurrence")):
            texts = [as_text(each, preferences).sql for each in (value, searched)]
        case _:
            raise unsupported()
    if not rest:
        return Expression(f"instr({texts[0]}, {texts[1]})", Kind.NUMBER)
    start, occurrence = [*(_whole(each).sql for each in rest), "1"][:2]
    return Expression(filled(_INSTR, [*texts, start, occurrence]), Kind.NUMBER)


def joined(arguments: Arguments, preferences: Preferences) -> Expression:
    """Translate ``||`` and CONCAT: a null is an empty text."""
    texts = [as_text(argument, preferences).sql for argument in arguments]
    places = [f"{{{index}}}" for index in range(len(arguments))]
    # Numbers, dates and literals are short.
    lengths = [
        f"coalesce(strlen({place}), 0)"
        for place, argument in zip(places, arguments, strict=True)
        if argument.kind in {Kind.TEXT, Kind.UNKNOWN} and argument.literal is None
    ]
    text = f"concat({', '.join(places)})"
    if lengths:
        text = bounded(" + ".join(lengths), text)
    if any(argument.literal for argument in arguments):
        return Expression(filled(text, texts), Kind.TEXT)
    return text_or_null(text, texts)


TEXT_FUNCTIONS: Mapping[str, Function] = {
    "ASCII": formula("ascii({0})", Kind.NUMBER, "t"),
    "CHR": formula("chr(CAST({0} AS INTEGER))", Kind.TEXT, "n"),
    "CONCAT": joined,
    "INITCAP": formula(_INITCAP, Kind.TEXT, "t"),
    "INSTR": _instr,
    "LENGTH": formula("length({0})", Kind.NUMBER, "t"),
    "LOWER": formula("lower({0})", Kind.TEXT, "t"),
    "LPAD": text_formula(f"lpad({{0}}, {_PADDED}, {{2}})", "tnt", "' '"),
    "LTRIM": text_formula("ltrim({0}, {1})", "tt", "' '"),
    "REPLACE": text_formula(_REPLACE, "ttt", "''"),
    "RPAD": text_formula(f"rpad({{0}}, {_PADDED}, {{2}})", "tnt", "' '"),
    "RTRIM": text_formula("rtrim({0}, {1})", "tt", "' '"),
    "SUBSTR": _substr,
    "TRANSLATE": text_formula("translate({0}, {1}, {2})", "ttt"),
    "TRIM": text_formula("trim({0}, ' ')", "t"),
    "UPPER": formula("upper({0})", Kind.TEXT, "t"),
}

"""TO_CHAR of dates and instants."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.date_formats import Element, elements
from tap_netsuite_tba.simulator.suiteql.formulas import as_clock, filled
from tap_netsuite_tba.simulator.suiteql.kinds import (
    Expression,
    Kind,
    Preferences,
    offset_minutes,
    quoted,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# For DuckDB's strftime: as Oracle pads it, and without padding, as FM wants it.
_PLAIN: Mapping[str, tuple[str, str]] = {
    "YYYY": ("%Y", "%Y"),
    "RRRR": ("%Y", "%Y"),
    "YY": ("%y", "%-y"),
    "RR": ("%y", "%-y"),
    "MM": ("%m", "%-m"),
    "DD": ("%d", "%-d"),
    "DDD": ("%j", "%-j"),
    "HH24": ("%H", "%-H"),
    "HH12": ("%I", "%-I"),
    "HH": ("%I", "%-I"),
    "MI": ("%M", "%-M"),
    "SS": ("%S", "%-S"),
    "FF3": ("%g", "%g"),
    "FF6": ("%f", "%f"),
    "FF": ("%f", "%f"),
    "IYYY": ("%G", "%G"),
    "X": (".", "."),
}
# Numbers: a formula of the clock {0}, and how many digits Oracle prints.
_NUMBERS: Mapping[str, tuple[str, int]] = {
    "CC": ("(1 + (year({0}) - 1) // 100)", 2),
    "SCC": ("(1 + (year({0}) - 1) // 100)", 3),
    "YYY": ("(year({0}) % 1000)", 3),
    "Y": ("(year({0}) % 10)", 1),
    "IYY": ("(isoyear({0}) % 1000)", 3),
    "IY": ("(isoyear({0}) % 100)", 2),
    "I": ("(isoyear({0}) % 10)", 1),
    "Q": ("quarter({0})", 1),
    "WW": ("(1 + (dayofyear({0}) - 1) // 7)", 2),
    "IW": ("weekofyear({0})", 2),
    "W": ("(1 + (day({0}) - 1) // 7)", 1),
    "D": ("(1 + dayofweek({0}))", 1),
    "J": ("CAST(floor(julian(date_trunc('day', {0}))) AS INTEGER)", 7),
    "SSSSS": ("CAST(epoch({0} - date_trunc('day', {0})) AS INTEGER)", 5),
}
# Words: strftime's code, and the length to which Oracle pads it with blanks.
_WORDS: Mapping[str, tuple[str, int]] = {
    "MONTH": ("%B", 9),
    "MON": ("%b", 3),
    "DAY": ("%A", 9),
    "DY": ("%a", 3),
    "AM": ("%p", 2),
    "PM": ("%p", 2),
}
_MONTHS = "['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']"
_DOTTED = "regexp_replace(strftime({0}, '%p'), '(.)', '\\1.', 'g')"
_THOUSANDS = "regexp_replace(strftime({0}, '%Y'), '(.)(...)', '\\1,\\2')"
# All others: the formula as Oracle pads it, and without padding.
_OTHERS: Mapping[str, tuple[str, str]] = {
    "A.D.": ("'A.D.'", "'A.D.'"),
    "A.M.": (_DOTTED, _DOTTED),
    "AD": ("'AD'", "'AD'"),
    "P.M.": (_DOTTED, _DOTTED),
    "RM": (f"rpad({_MONTHS}[month({{0}})], 4, ' ')", f"{_MONTHS}[month({{0}})]"),
    "SYYYY": ("strftime({0}, ' %Y')", "strftime({0}, '%Y')"),
    "Y,YYY": (_THOUSANDS, _THOUSANDS),
    **{
        f"FF{digits}": (f"substr(strftime({{0}}, '%f000'), 1, {digits})",) * 2
        for digits in range(1, 10)
    },
}
_ZONES = frozenset({"TZR", "TZH", "TZM"})


def date_text(value: Expression, oracle: str, preferences: Preferences) -> Expression:
    """Return a clock's text in one of Oracle's formats.

    Args:
        value: in time.
        oracle: such as ``YYYY-MM-DD HH24:MI:SS``.
        preferences: the session's time zone.

    Raises:
        Refusal: the format holds what Oracle does not have, or a zone where there is none.
    """
    clock = as_clock(value, preferences).sql
    pieces: list[str] = []
    pattern = ""
    for element in elements(oracle):
        plain = _strftime(element)
        if plain is not None:
            pattern += plain
            continue
        if pattern:
            pieces.append(f"strftime({{0}}, {quoted(pattern)})")
        pattern = ""
        pieces.append(_piece(element, value, preferences))
    if pattern or not pieces:
        pieces.append(f"strftime({{0}}, {quoted(pattern)})")
    return Expression(filled(f"({' || '.join(pieces)})", [clock, value.sql]), Kind.TEXT)


def _strftime(element: Element) -> str | None:
    """Return the part of a strftime pattern that prints an element; None if none does."""
    if not element.name:
        # A brace would be taken for a place in a formula.
        return None if "{" in element.text else element.text.replace("%", "%%")
    if element.name in _PLAIN:
        return _PLAIN[element.name][element.bare]
    code, width = _WORDS.get(element.name, ("", 0))
    padded = width > len("Mon") and not element.bare
    as_it_is = _case(element.text) == "{0}" or (code == "%p" and element.text.isupper())
    return code if code and as_it_is and not padded else None


def _piece(element: Element, value: Expression, preferences: Preferences) -> str:
    """Return the formula that prints an element, of the clock {0} and the instant {1}."""
    name = element.name
    if name in _NUMBERS:
        number, digits = _NUMBERS[name]
        text = f"CAST({number} AS VARCHAR)"
        blank = "' '" if name == "SCC" else "'0'"
        return text if element.bare or digits == 1 else f"lpad({text}, {digits}, {blank})"
    if name in _WORDS:
        code, width = _WORDS[name]
        text = _case(element.text).format(f"strftime({{0}}, '{code}')")
        return text if element.bare else f"rpad({text}, {width}, ' ')"
    if name in _OTHERS:
        text = _OTHERS[name][element.bare]
        return f"lower({text})" if element.text.islower() else text
    if name in _ZONES:
        return _zone(name, value, preferences)
    if name:
        raise unsupported()
    return quoted(element.text).replace("{", "' || chr(123) || '")


def _case(text: str) -> str:
    """Return what the case of an element does to its word: MON, Mon or mon."""
    if text[:2].isupper():
        return "upper({0})"
    return "{0}" if text[0].isupper() else "lower({0})"


def _zone(name: str, value: Expression, preferences: Preferences) -> str:
    if value.kind is not Kind.INSTANT:
        raise unsupported()
    zone = value.zone or preferences.time_zone
    if name == "TZR":
        return quoted(zone)
    fixed = offset_minutes(zone)
    minutes = "date_diff('minute', {1}, {0})" if fixed is None else str(fixed)
    if name == "TZM":
        return f"lpad(CAST(abs({minutes}) % 60 AS VARCHAR), 2, '0')"
    sign = f"CASE WHEN {minutes} < 0 THEN '-' ELSE '+' END"
    return f"({sign} || lpad(CAST(abs({minutes}) // 60 AS VARCHAR), 2, '0'))"

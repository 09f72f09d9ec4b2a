"""What a function is, and the form that most of them have: a formula of their arguments."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tap_netsuite_tba.simulator.suiteql.date_formats import preference_format
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    number_text,
    quoted,
    to_clock,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

Arguments = Sequence[Expression]
Function = Callable[[Arguments, Preferences], Expression]

_PLACE = re.compile(r"\{(\d+)\}")
_PLAIN = re.compile(
    r"""-?[\d.]+ | '(?:[^']|'')*' | \0\w+\0 | NULL | "(?:[^"]|"")*"\."(?:[^"]|"")*" """, re.VERBOSE
)
_WHOLE = re.compile(r"\(?(-?\d{1,9})\)?")

DECIMAL = "DECIMAL(38, 15)"
"""What text becomes that is read as a number."""

LONGEST_TEXT = 100_000
"""Characters of the longest text that a function makes, as of the longest that NetSuite stores.

Oracle ends such texts at 4000 bytes, unless they come from a longer column.
"""


def formula(text: str, kind: Kind, takes: str, *defaults: str) -> Function:
    """Return the function that is a formula of its arguments.

    Args:
        text: DuckDB's text, with ``{0}``, ``{1}`` ... for the arguments.
        kind: of the value.
        takes: a letter an argument: ``t`` text, ``n`` number, ``c`` clock, ``*`` anything.
        defaults: DuckDB's texts for the last arguments, where a query leaves them out.
    """
    taken = _taker(takes, *defaults)
    return lambda arguments, preferences: Expression(
        filled(text, taken(arguments, preferences)), kind
    )


def text_formula(text: str, takes: str, *defaults: str) -> Function:
    """Return the function that is a formula of its arguments and may give an empty text."""
    taken = _taker(takes, *defaults)
    return lambda arguments, preferences: text_or_null(text, taken(arguments, preferences))


def _taker(takes: str, *defaults: str) -> Callable[[Arguments, Preferences], list[str]]:
    least = len(takes) - len(defaults)

    def taken(arguments: Arguments, preferences: Preferences) -> list[str]:
        if not least <= len(arguments) <= len(takes):
            raise unsupported()
        texts = [
            _TAKEN[letter](argument, preferences).sql
            for letter, argument in zip(takes, arguments, strict=False)
        ]
        texts += defaults[len(arguments) - least :]
        return texts

    return taken


def text_or_null(text: str, arguments: Sequence[str]) -> Expression:
    """Return a formula's text, or null where it is empty, as it is to Oracle."""
    sql = filled(text, arguments)
    # DuckDB writes out what nullif is given twice: quicker, but nothing for functions in functions.
    if all(map(is_plain, arguments)):
        return Expression(f"nullif({sql}, '')", Kind.TEXT)
    return Expression(f"list_filter([{sql}], lambda t: t <> '')[1]", Kind.TEXT)


def bounded(length: str, text: str) -> str:
    """Return the formula of a text that is an error where it would be too long.

    Nothing stops DuckDB once it has begun to write a text.

    Args:
        length: the formula of the length that the text may come to.
        text: the formula of the text.
    """
    return f"(CASE WHEN {length} > {LONGEST_TEXT} THEN error('too long') ELSE {text} END)"


def filled(text: str, arguments: Sequence[str]) -> str:
    """Put arguments into a formula; what it repeats is worked out once all the same.

    Without that, functions inside functions would make a text that doubles with each of them.
    """
    places = Counter(int(place) for place in _PLACE.findall(text))
    if all(times == 1 or is_plain(arguments[place]) for place, times in places.items()):
        return _PLACE.sub(lambda match: arguments[int(match[1])], text)
    bound = {place for place in places if not is_plain(arguments[place])}
    body = _PLACE.sub(
        lambda match: f"v.a{match[1]}" if int(match[1]) in bound else arguments[int(match[1])],
        text,
    )
    # The arguments stand outside of the lambda: no name of theirs can mean its v.
    values = ", ".join(f"'a{place}': {arguments[place]}" for place in sorted(bound))
    return f"list_transform([{{{values}}}], lambda v: {body})[1]"


def is_plain(sql: str) -> bool:
    """Tell whether a text is a literal, a place for one, or a column."""
    return _PLAIN.fullmatch(sql) is not None


def as_text(value: Expression, preferences: Preferences) -> Expression:
    """Return a value as TO_CHAR with no format prints it."""
    if value.kind in CLOCKS:
        pattern = quoted(preference_format(preferences.date_format))
        return Expression(f"strftime({to_clock(value, preferences).sql}, {pattern})", Kind.TEXT)
    if value.kind is Kind.NUMBER:
        return Expression(number_text(value.sql, preferences), Kind.TEXT)
    return value


def as_number(value: Expression) -> Expression:
    """Return a value as a number.

    Raises:
        Refusal: of a date.
    """
    if value.kind in CLOCKS:
        raise unsupported()
    if value.kind is Kind.TEXT:
        return Expression(f"CAST(trim({value.sql}) AS {DECIMAL})", Kind.NUMBER)
    if value.kind is Kind.UNKNOWN:
        return Expression(f"CAST({value.sql} AS {DECIMAL})", Kind.NUMBER)
    return value


def as_clock(value: Expression, preferences: Preferences) -> Expression:
    """Return a value in time as its clock reads; null stays null.

    Raises:
        Refusal: of text or a number, which have to go through TO_DATE.
    """
    if value.kind is Kind.UNKNOWN:
        return Expression(f"CAST({value.sql} AS TIMESTAMP)", Kind.LOCAL)
    if value.kind not in CLOCKS:
        raise unsupported()
    return to_clock(value, preferences)


def whole_number(argument: Expression) -> int | None:
    """Return the number that an argument is written as; None of any other."""
    match = _WHOLE.fullmatch(argument.sql)
    return int(match[1]) if match else None


_TAKEN: Mapping[str, Callable[[Expression, Preferences], Expression]] = {
    "t": as_text,
    "n": lambda value, _preferences: as_number(value),
    "c": as_clock,
    "*": lambda value, _preferences: value,
}

"""The values of a query, lifted out of its text."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.simulator.suiteql.kinds import quoted
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# What a query's text is made of, as far as it takes to find the values that vary: a number beside
# a comparison, the numbers of BETWEEN, the text of a TO_DATE. All else (texts, names, comments) is
# passed over. What is not closed runs to the end, or many openings would be searched for their
# ends again and again.
_PARTS = re.compile(
    r"""
    (?P<skip> \bN?Q'(?: \[.*?(?:\]'|\Z) | \{.*?(?:\}'|\Z) | \(.*?(?:\)'|\Z) | <.*?(?:>'|\Z)
                      | (?P<mark>\S).*?(?:(?P=mark)'|\Z) )
            | '(?:[^']|'')*+(?:'|\Z) | "[^"]*+(?:"|\Z) | --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<bind> \? | (?<!:):\s*+\w++ )
    | (?P<date> \bTO_(?:DATE|TIMESTAMP)\s*+\(\s*+ ) (?P<text> '(?:[^']|'')*+' )
    | (?P<sign> [<>=]\s*+ ) (?P<number> \d++(?:\.\d++)? ) (?![\w.])
    | (?P<between> \bBETWEEN\s++ ) (?P<low> \d++(?:\.\d++)? )
      (?P<and> \s++AND\s++ ) (?P<high> \d++(?:\.\d++)? ) (?![\w.])
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# No limit is documented; this one keeps the parsing of a hostile text under a second or so.
_LONGEST_QUERY = 200_000


@dataclass(frozen=True)
class Template:
    """A query without the values that differ from one request to the next.

    Attributes:
        text: the query with named places; equal for queries that differ in values only.
        values: place to DuckDB literal.
        written: the query as it came.
    """

    text: str
    values: dict[str, str]
    written: str


def lift(written: str, parameters: Sequence[object]) -> Template:
    """Take the values out of a query, so that its translation can be kept.

    Args:
        written: the query as it came.
        parameters: what ``?`` stands for, in order.

    Raises:
        Refusal: a bind has a name, or parameters are missing, left over or no text and no number.
    """
    if not _is_text(written) or len(written) > _LONGEST_QUERY:
        raise unsupported()
    values: dict[str, str] = {}
    given = iter(parameters)

    def replace(match: re.Match[str]) -> str:
        if match["bind"]:
            return place("p", _bound(match["bind"], next(given, None)))
        if match["date"]:
            return match["date"] + place("s", match["text"])
        if match["sign"]:
            return match["sign"] + place("n", match["number"])
        if match["between"]:
            low, high = place("n", match["low"]), place("n", match["high"])
            return match["between"] + low + match["and"] + high
        return match[0]

    def place(kind: str, literal: str) -> str:
        name = f"{kind}{len(values)}"
        values[name] = literal
        return f":{name}"

    template = _PARTS.sub(replace, written)
    if next(given, given) is not given:
        raise unsupported()
    return Template(template, values, written)


def _bound(bind: str, value: object) -> str:
    """Return a parameter as a DuckDB literal."""
    if bind != "?" or isinstance(value, bool) or not isinstance(value, str | int | float):
        raise unsupported()
    if isinstance(value, float) and not math.isfinite(value):
        raise unsupported()
    if not _is_text(str(value)):
        raise unsupported()
    return quoted(str(value)) if value != "" else "NULL"  # as to Oracle


def _is_text(text: str) -> bool:
    """Tell whether DuckDB can take a text: JSON can hold halves of characters, and NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text

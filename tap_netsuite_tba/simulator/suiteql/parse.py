"""The text of a query, taken apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tap_netsuite_tba.simulator.suiteql.dialect import SuiteQL
from tap_netsuite_tba.simulator.suiteql.kinds import quoted
from tap_netsuite_tba.simulator.suiteql.refusals import unparsable, unsupported

# What a query's text is made of, as far as it takes to find the values that vary: a number beside
# a comparison, the text of a TO_DATE. All else (texts, names, comments) is passed over.
_PARTS = re.compile(
    r"""
    (?P<skip> '(?:[^']|'')*' | "[^"]*" | --[^\n]* | /\*.*?\*/ )
    | (?P<bind> \? | :\s*\w+ )
    | (?P<date> \bTO_(?:DATE|TIMESTAMP)\s*\(\s* ) (?P<text> '(?:[^']|'')*' )
    | (?P<sign> [<>=]\s* ) (?P<number> \d+(?:\.\d+)? ) (?![\w.])
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LONGEST_QUERY = 1_000_000


@dataclass(frozen=True)
class Template:
    """A query without the values that differ from one request to the next.

    Attributes:
        text: the query with named places; equal for queries that differ in values only.
        values: place to DuckDB literal.
    """

    text: str
    values: dict[str, str]


def lift(text: str, parameters: Sequence[object]) -> Template:
    """Take the values out of a query, so that its translation can be kept.

    Args:
        text: the query as it came.
        parameters: what ``?`` stands for, in order.

    Raises:
        Refusal: a bind has a name, or no parameter, or a null.
    """
    if not _is_text(text) or len(text) > _LONGEST_QUERY:
        raise unsupported()
    values: dict[str, str] = {}
    given = iter(parameters)

    def replace(match: re.Match[str]) -> str:
        if match["bind"]:
            value = next(given, None)
            if match["bind"] != "?" or not isinstance(value, str | int | float):
                raise unsupported()
            if not _is_text(str(value)):
                raise unsupported()
            return _place("p", quoted(str(value)))
        if match["date"]:
            return match["date"] + _place("s", match["text"])
        if match["sign"]:
            return match["sign"] + _place("n", match["number"])
        return match[0]

    def _place(kind: str, literal: str) -> str:
        name = f"{kind}{len(values)}"
        values[name] = literal
        return f":{name}"

    template = _PARTS.sub(replace, text)
    return Template(template, values)


def _is_text(text: str) -> bool:
    """Tell whether DuckDB can take a text: JSON can hold halves of characters, and NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def parse(template: str) -> exp.Expr:
    """Parse a query, and refuse what SuiteQL's grammar does not have.

    Raises:
        Refusal: it is no single SELECT, or has a WITH.
    """
    try:
        statements = sqlglot.parse(template, dialect=SuiteQL)
    except (SqlglotError, RecursionError) as error:
        raise unparsable() from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise unparsable()
    query = statements[0]
    if query.find(exp.With) is not None:
        raise unsupported()
    return query

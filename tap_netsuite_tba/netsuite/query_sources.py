"""What a query reads from, as far as its text tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tap_netsuite_tba.netsuite.query_tokens import Token, closing, is_name, name_of

CLAUSES = frozenset(
    {"WHERE", "GROUP", "HAVING", "ORDER", "CONNECT", "START", "FETCH", "OFFSET", "LIMIT"}
)
"""What may stand behind a FROM."""

_JOINS = frozenset(
    {"ON", "USING", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"}
)


@dataclass(frozen=True)
class Source:
    """What a query reads from.

    Attributes:
        table: Its name, lower case; empty for a SELECT in parentheses.
        alias: What the query calls it, lower case: the table's name where it has no alias.
    """

    table: str
    alias: str


def sources_of(tokens: Sequence[Token]) -> Iterator[Source]:
    """The tables and sub-selects of a FROM, from the tokens behind that word."""
    is_due = True
    for place, token in enumerate(tokens):
        if token.depth > tokens[0].depth:
            continue
        if token.word in CLAUSES:
            return
        if is_due:
            yield _source(tokens[place:])
        is_due = token.text == "," or token.word == "JOIN"


def _source(tokens: Sequence[Token]) -> Source:
    """The table, or sub-select, that begins here, and its alias."""
    is_select = tokens[0].text == "("
    table = "" if is_select else name_of(tokens[0])
    end = closing(tokens, 0) + 1 if is_select else 1
    behind = [token for token in tokens[end : end + 2] if token.word != "AS"]
    if behind and is_name(behind[0]) and behind[0].word not in CLAUSES | _JOINS:
        return Source(table, name_of(behind[0]))
    return Source(table, table)

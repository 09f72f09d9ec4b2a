"""The query parameter ``q`` of a list, taken apart: ``isInactive IS false AND id ANY_OF [1, 2]``.

Oracle's section_1545222128: conditions of a field, an operator and its values, joined by AND, which
binds tighter, and OR, with parentheses; what holds a space stands in double quotes. Words in lower
case and apostrophes, which nobody has seen it take, are refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tap_netsuite_tba.simulator.errors import Refusal, bad_request

_TOKEN = re.compile(r"""\s*(?:"(?P<quoted>[^"]*)"|(?P<mark>[()\[\],])|(?P<word>[^\s()\[\],"']+))""")
_NEGATED = "_NOT"
# How many values each operator takes: none, one, two in brackets, any number in brackets.
_VALUES: Mapping[str, str] = {
    "EMPTY": "none",
    **dict.fromkeys(("IS", "EQUAL", "GREATER", "GREATER_OR_EQUAL"), "one"),
    **dict.fromkeys(("LESS", "LESS_OR_EQUAL", "CONTAIN", "START_WITH", "END_WITH"), "one"),
    **dict.fromkeys(("AFTER", "BEFORE", "ON", "ON_OR_AFTER", "ON_OR_BEFORE"), "one"),
    **dict.fromkeys(("BETWEEN", "WITHIN"), "two"),
    "ANY_OF": "any",
}
# Printed by Oracle's help in some releases, and what N/query calls it.
_OTHER_NAMES: Mapping[str, str] = {"ENDWITH": "END_WITH"}


@dataclass(frozen=True)
class Condition:
    """What one field has to be.

    Attributes:
        field: its name, as the client wrote it.
        operator: such as ``ON_OR_AFTER``, without its ``_NOT``.
        values: what it is compared with, without quotes.
        is_negated: whether the operator ended in ``_NOT``.
    """

    field: str
    operator: str
    values: tuple[str, ...]
    is_negated: bool


@dataclass(frozen=True)
class Joined:
    """Filters of which all, or any, have to hold.

    Attributes:
        word: ``AND`` or ``OR``.
        parts: at least two.
    """

    word: str
    parts: tuple["Filter", ...]


Filter = Condition | Joined


def parsed(text: str) -> Filter:
    """Return what ``q`` asks.

    Raises:
        Refusal: it is no filter.
    """
    parser = _Parser(_tokens(text))
    try:
        found = parser.joined("OR")
    except RecursionError as error:
        raise invalid() from error
    if not parser.is_at_end:
        raise invalid()
    return found


def invalid() -> Refusal:
    """Return the 400 of a ``q`` that is no filter, as it was recorded."""
    return bad_request("Invalid search query. Provide a valid search query.", parameter="q")


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise invalid()
        tokens.append(_Token(match[match.lastgroup], match.lastgroup))
        position = match.end()
    return tokens


class _Parser:
    """Reads tokens from left to right.

    Args:
        tokens: of one ``q``.
    """

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._position = 0

    @property
    def is_at_end(self) -> bool:
        """Whether every token was read."""
        return self._position == len(self._tokens)

    def joined(self, word: str) -> Filter:
        """Read filters that ``word`` joins: those of OR are joined by AND themselves."""
        parts = [self._part(word)]
        while self._takes("word", word):
            parts.append(self._part(word))
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _part(self, word: str) -> Filter:
        if word == "OR":
            return self.joined("AND")
        if self._takes("mark", "("):
            inner = self.joined("OR")
            self._expect(")")
            return inner
        return self._condition()

    def _condition(self) -> Condition:
        field, written = self._next("word"), self._next("word")
        operator = written.removesuffix(_NEGATED)
        operator = _OTHER_NAMES.get(operator, operator)
        match _VALUES.get(operator):
            case None:
                raise invalid()
            case "none":
                values: tuple[str, ...] = ()
            case "one":
                values = (self._value(),)
            case number:
                values = self._list()
                if number == "two" and len(values) != 2:  # noqa: PLR2004  # from one to another
                    raise invalid()
        return Condition(field, operator, values, written.endswith(_NEGATED))

    def _list(self) -> tuple[str, ...]:
        self._expect("[")
        values = [self._value()]
        while self._takes("mark", ","):
            values.append(self._value())
        self._expect("]")
        return tuple(values)

    def _value(self) -> str:
        return self._next("word", "quoted")

    def _next(self, *kinds: str) -> str:
        if self.is_at_end or self._tokens[self._position].kind not in kinds:
            raise invalid()
        self._position += 1
        return self._tokens[self._position - 1].text

    def _takes(self, kind: str, text: str) -> bool:
        """Read the next token if it is this one."""
        if self.is_at_end or self._tokens[self._position] != _Token(text, kind):
            return False
        self._position += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._takes("mark", mark):
            raise invalid()

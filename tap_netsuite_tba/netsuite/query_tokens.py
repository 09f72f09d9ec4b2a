"""The tokens of a query that somebody wrote: what is a word in it, and what is text or comment.

It is no parser: whatever the text, it has tokens, and NetSuite tells whether it is SuiteQL.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(
    r"""
      (?P<blank>   \s+ | --[^\n]* | /\*.*?\*/ )
    | (?P<text>    '(?:[^']|'')*'(?!')
                 | [nN]?[qQ]'(?:\[.*?\]|\{.*?\}|\(.*?\)|<.*?>|(?P<mark>[^\s']).*?(?P=mark))' )
    | (?P<open>    /\*.* | [nN]?[qQ]'[^\s'].* | '(?:[^']|'')*\Z | "[^"]*\Z )
    | (?P<quoted>  "[^"]*" )
    | (?P<number>  (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<word>    [^\W\d][\w$\#]* )
    | (?P<symbol>  \|\||<=|>=|<>|!=|. )
    """,
    re.DOTALL | re.VERBOSE,
)


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted"
    """In double quotes."""
    TEXT = "text"
    """In single quotes, or as q'[it's]'."""
    NUMBER = "number"
    SYMBOL = "symbol"
    OPEN = "open"
    """A text, a name or a comment that has no end."""


@dataclass(frozen=True)
class Token:
    """A token of a query.

    Attributes:
        kind: What it is.
        text: As it is written.
        start: Where it begins in the query.
        end: Behind its last character.
        depth: In how many parentheses it stands; a parenthesis itself stands outside of its own.
    """

    kind: Kind
    text: str
    start: int
    end: int
    depth: int

    @property
    def word(self) -> str:
        """In upper case, if it is a word; else empty, so that no text is taken for a word."""
        return self.text.upper() if self.kind is Kind.WORD else ""


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of any text, without blanks and comments."""
    tokens, depth = [], 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "blank":
            continue
        kind, written = Kind(str(match.lastgroup)), match.group()
        depth -= written == ")" and depth > 0
        tokens.append(Token(kind, written, match.start(), match.end(), depth))
        depth += written == "("
    return tuple(tokens)


def is_closed(tokens: Sequence[Token]) -> bool:
    """Whether all texts and comments end, and each parenthesis has its other."""
    open_now = 0
    for token in tokens:
        open_now += (token.text == "(") - (token.text == ")")
        if token.kind is Kind.OPEN or open_now < 0:
            return False
    return open_now == 0


def closing(tokens: Sequence[Token], opening: int) -> int:
    """The place of the parenthesis that closes the one at a place; the last if none does."""
    depth = tokens[opening].depth
    for place in range(opening + 1, len(tokens)):
        if tokens[place].text == ")" and tokens[place].depth == depth:
            return place
    return len(tokens) - 1


def is_name(token: Token) -> bool:
    """Whether it may name something: a word, or what stands in double quotes."""
    return token.kind in {Kind.WORD, Kind.QUOTED}


def name_of(token: Token) -> str:
    """The name that a token is, lower case and without quotes."""
    return token.text.strip('"').lower()

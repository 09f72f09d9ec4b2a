"""The entries of a SELECT list, as far as its text tells what each is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tap_netsuite_tba.netsuite.query_tokens import Kind, Token, closing, is_name, name_of

QUANTIFIERS = frozenset({"DISTINCT", "UNIQUE", "ALL"})
"""What may stand between SELECT and its list, beside `TOP n`."""

_PSEUDO_COLUMNS = frozenset(
    {
        "CURRENT_DATE",
        "CURRENT_TIMESTAMP",
        "LEVEL",
        "LOCALTIMESTAMP",
        "NULL",
        "ROWID",
        "ROWNUM",
        "SYSDATE",
        "SYSTIMESTAMP",
        "USER",
    }
)
_ENDS_OF_EXPRESSION = frozenset({"ASC", "DESC", "END", "FALSE", "NULL", "TRUE"})
_BEFORE_OPERANDS = frozenset(
    {
        "AND",
        "BETWEEN",
        "CASE",
        "CONNECT_BY_ROOT",
        "ELSE",
        "IN",
        "IS",
        "LIKE",
        "NOT",
        "OR",
        "PRIOR",
        "THEN",
        "WHEN",
    }
)


@dataclass(frozen=True)
class Item:
    """One entry of a SELECT list.

    Attributes:
        expression: As it is written, without its alias.
        name: What NetSuite calls the column, lower case: the alias, or the name of a bare column;
            None for an expression without alias, and for `*`.
        column: The name of the bare column that it is, lower case; empty if it is an expression.
        source: What stands before the dot of a bare column or a star, lower case; empty without.
        function: The function, upper case, if the expression is one call: `COUNT`, `BUILTIN.DF`.
        is_star: Whether it is `*` or `t.*`.
        has_quoted_name: Whether its name stands in double quotes.
    """

    expression: str
    name: str | None = None
    column: str = ""
    source: str = ""
    function: str = ""
    is_star: bool = False
    has_quoted_name: bool = False

    @property
    def is_column(self) -> bool:
        """Whether it is a bare column: `a`, or `t.a`."""
        return bool(self.column)


def items_of(text: str, tokens: Sequence[Token]) -> tuple[Item, ...]:
    """The entries of a SELECT list.

    Args:
        text: The query.
        tokens: What stands between its SELECT and its FROM.
    """
    return tuple(_item(text, part) for part in _parts(_without_quantifier(tokens)) if part)


def _without_quantifier(tokens: Sequence[Token]) -> Sequence[Token]:
    """A SELECT list without DISTINCT and TOP n."""
    while tokens and tokens[0].word in QUANTIFIERS:
        tokens = tokens[1:]
    if len(tokens) < 2 or tokens[0].word != "TOP":  # noqa: PLR2004 - TOP and a number
        return tokens
    if tokens[1].kind is Kind.NUMBER:
        return tokens[2:]
    return tokens[closing(tokens, 1) + 1 :] if tokens[1].text == "(" else tokens


def _parts(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens between commas that stand in no parentheses of their own."""
    start = 0
    for place, token in enumerate(tokens):
        if token.text == "," and token.depth == tokens[0].depth:
            yield tokens[start:place]
            start = place + 1
    yield tokens[start:]


def _item(text: str, tokens: Sequence[Token]) -> Item:
    expression, alias = _without_alias(tokens)
    written = text[expression[0].start : expression[-1].end]
    source = name_of(expression[0]) if len(expression) > 1 else ""
    if expression[-1].text == "*" and _is_path(expression):
        return Item(written, source=source, is_star=True)
    column = ""
    if _is_path(expression) and expression[0].word not in _PSEUDO_COLUMNS:
        column = name_of(expression[-1])
    naming = alias or (expression[-1] if column else None)
    return Item(
        written,
        name=name_of(naming) if naming else None,
        column=column,
        source=source if column else "",
        function=_function(expression),
        has_quoted_name=naming is not None and naming.kind is Kind.QUOTED,
    )


def _without_alias(tokens: Sequence[Token]) -> tuple[Sequence[Token], Token | None]:
    """An entry's expression, and its alias."""
    *before, last = tokens
    if not before or not is_name(last):
        return tokens, None
    if before[-1].word == "AS":
        return (before[:-1], last) if len(before) > 1 else (tokens, None)
    is_operand = before[-1].kind is Kind.SYMBOL and before[-1].text != ")"
    is_operand = is_operand or before[-1].word in _BEFORE_OPERANDS
    if is_operand or last.word in _ENDS_OF_EXPRESSION:
        return tokens, None
    return before, last


def _is_path(tokens: Sequence[Token]) -> bool:
    """Whether they are a name, or names with dots between; a star may be the last."""
    *names, last = tokens[::2]
    return (
        len(tokens) % 2 == 1
        and all(token.text == "." for token in tokens[1::2])
        and all(map(is_name, names))
        and (is_name(last) or last.text == "*")
    )


def _function(tokens: Sequence[Token]) -> str:
    """The function of which the tokens are one call."""
    opening = next((place for place, token in enumerate(tokens) if token.text == "("), 0)
    is_call = opening and closing(tokens, opening) == len(tokens) - 1
    if not is_call or not _is_path(tokens[:opening]):
        return ""
    return "".join(token.text.upper() for token in tokens[:opening])

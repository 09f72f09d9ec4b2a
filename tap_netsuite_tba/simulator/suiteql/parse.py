"""The text of a query, taken apart into a tree."""

from collections.abc import Sequence

from sqlglot import Token, TokenType, exp
from sqlglot.errors import ParseError, SqlglotError

from tap_netsuite_tba.simulator.suiteql.dialect import SuiteQL
from tap_netsuite_tba.simulator.suiteql.refusals import syntax_error, unsupported
from tap_netsuite_tba.simulator.suiteql.template import Template
from tap_netsuite_tba.simulator.switches import Switches

# What sqlglot takes from other dialects, or out of kindness, and Oracle's grammar does not have.
_FOREIGN = frozenset(
    {
        TokenType.L_BRACKET,
        TokenType.R_BRACKET,
        TokenType.L_BRACE,
        TokenType.R_BRACE,
        TokenType.DCOLON,
        TokenType.ARROW,
        TokenType.SEMICOLON,
    }
)
_BEGINNINGS = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN})
_OPENING = frozenset({TokenType.SELECT, TokenType.COMMA, TokenType.DISTINCT})
_CLOSING = frozenset(
    {
        TokenType.FROM,
        TokenType.WHERE,
        TokenType.GROUP_BY,
        TokenType.ORDER_BY,
        TokenType.HAVING,
        TokenType.R_PAREN,
    }
)


def parse(template: Template, switches: Switches) -> exp.Query:
    """Parse a query, and refuse what SuiteQL's grammar does not have.

    Raises:
        Refusal: it is no single SELECT, or has a WITH.
    """
    query = _parsed(template.text, template.written, switches)
    if query is None:  # once more as it was written, to say where it goes wrong
        _parsed(template.written, template.written, switches)
        raise unsupported()
    if switches.with_clause == "refused" and query.find(exp.With) is not None:
        raise unsupported()
    return query


def _parsed(text: str, written: str, switches: Switches) -> exp.Query | None:
    """Return the tree of a query; None if a text with places in it cannot be parsed."""
    try:
        tokens = _tokens(text, switches)
        _check(tokens, written)
        statements = SuiteQL().parser().parse(tokens, text)
    except RecursionError as error:
        raise unsupported() from error
    except SqlglotError as error:
        if text is not written:
            return None
        raise _located(error, written) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise unsupported()
    return statements[0]


def _tokens(text: str, switches: Switches) -> list[Token]:
    tokens = list(SuiteQL().tokenize(text))
    if switches.semicolon == "accepted" and tokens[-1:] and tokens[-1].text == ";":
        tokens.pop()
    if switches.offset_fetch == "accepted":
        for token, following in zip(tokens, tokens[2:], strict=False):
            if token.text.upper() == "OFFSET" and following.text.upper() in {"ROW", "ROWS"}:
                token.token_type = TokenType.OFFSET
    return tokens


def _check(tokens: Sequence[Token], written: str) -> None:
    """Refuse tokens that sqlglot would take."""
    if not tokens:
        raise unsupported()
    if tokens[0].token_type is TokenType.VAR:
        raise _near(tokens[0], written)
    if tokens[0].token_type not in _BEGINNINGS:
        raise unsupported()
    for before, token in zip([None, *tokens], tokens, strict=False):
        is_missing = (
            before is not None and before.token_type in _OPENING and token.token_type in _CLOSING
        )
        if is_missing or token.token_type in _FOREIGN:
            raise _near(token, written)
    if tokens[-1].token_type in _OPENING:
        raise _near(tokens[-1], written)


def _near(token: Token, written: str) -> Exception:
    return syntax_error(written, token.text, token.line, token.col - len(token.text) + 1)


def _located(error: SqlglotError, written: str) -> Exception:
    """Return the refusal that tells where a query goes wrong."""
    if isinstance(error, ParseError) and error.errors:
        first = error.errors[0]
        near = str(first["highlight"])
        return syntax_error(written, near, first["line"], first["col"] - len(near) + 1)
    # A text or comment without its end: the last that was read.
    last_line = written.rpartition("\n")[2]
    return syntax_error(written, written[-1:], written.count("\n") + 1, len(last_line))

"""What our queries are made of, read without trust in whoever wrote them."""

import re

_TOKEN = re.compile(
    r"""(?P<blank>[ ]+)
    | (?P<text>'(?:[^']|'')*')
    | (?P<number>-?[0-9]+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_$#]*)
    | (?P<sign><=|>=|[=<>*,.()])
    """,
    re.VERBOSE,
)
"""All that our queries are made of. A comment, a second statement, a quoted name are not."""


def shape(query: str) -> list[str]:
    """The kinds of the tokens of a query, in their order.

    Raises:
        AssertionError: There is something in it that no query of ours has.
    """
    kinds, place = [], 0
    while place < len(query):
        token = _TOKEN.match(query, place)
        assert token, f"no part of a query: {query[place:]!r}"
        kinds.append(token.lastgroup or "")
        place = token.end()
    return kinds

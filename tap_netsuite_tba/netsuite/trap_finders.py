"""Where in a query stands what SuiteQL does not take, by the keys of [traps] in explanations.toml.

Each finder yields what it found, as it is written.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from tap_netsuite_tba.explanations import functions_instead
from tap_netsuite_tba.netsuite.query_sources import CLAUSES
from tap_netsuite_tba.netsuite.query_text import Outline
from tap_netsuite_tba.netsuite.query_tokens import Kind, Token, closing, name_of
from tap_netsuite_tba.reserved_words import RESERVED_WORDS

MOST_COLUMNS = 100
"""A query of more has no rows, and no error (Estuary's documentation of its connector)."""

MOST_LISTED = 1000
"""The most values in an IN (Oracle's help)."""

_COMPARISONS = frozenset({"=", "<", ">", "<=", ">=", "<>", "!="})
_BEGUN_CF = re.compile(r"BUILTIN\.CF\((?:[^(]+\.)?$", re.IGNORECASE)
_COMPOUND_STATUS = re.compile(r"'[A-Za-z]{3,}:[A-Za-z0-9%]'")
_ISO_DATE = re.compile(r"'\d{4}-\d{1,2}-\d{1,2}([T ][^']*)?'")
_WITH_ORDER = (["OVER"], ["GROUP"], ["KEEP"])
"""Before parentheses that have an ORDER BY of their own."""

Finder = Callable[[Outline], Iterator[str]]


def _no_select(query: Outline) -> Iterator[str]:
    if not query.is_select:
        yield query.tokens[0].text if query.tokens else ""


def _unclosed(query: Outline) -> Iterator[str]:
    opened = [token for token in query.tokens if token.kind is Kind.OPEN]
    yield from (token.text for token in opened)
    if not (opened or query.is_closed):
        yield "a parenthesis"


def _several_statements(query: Outline) -> Iterator[str]:
    yield from (token.text for token in query.tokens if token.text == ";")


def _too_many_columns(query: Outline) -> Iterator[str]:
    if len(query.items) > MOST_COLUMNS:
        yield str(len(query.items))


def _same_name(query: Outline) -> Iterator[str]:
    times = Counter(item.name for item in query.items if item.name)
    yield from (name for name, n in times.items() if n > 1)


def _star(query: Outline) -> Iterator[str]:
    yield from (item.expression for item in query.items if item.is_star)


def _compound_status(query: Outline) -> Iterator[str]:
    statuses = [n for n, token in enumerate(query.tokens) if token.word.endswith("STATUS")]
    for place, text in _texts(query):
        if statuses and _COMPOUND_STATUS.fullmatch(text):
            compared = max((n for n in statuses if n < place), default=statuses[0])
            if not _is_of_cf(query, compared):
                yield text


def _is_of_cf(query: Outline, place: int) -> bool:
    """Whether BUILTIN.CF makes the compound form of a status, as in what NetSuite itself writes."""
    before = "".join(token.text for token in query.tokens[max(0, place - 6) : place])
    name = name_of(query.tokens[place])
    return _BEGUN_CF.search(before) is not None or name in _made_inside(query, place, "BUILTIN.CF")


def _iso_date(query: Outline) -> Iterator[str]:
    for place, text in _texts(query):
        before = query.tokens[max(0, place - 2) : place]
        is_date = _ISO_DATE.fullmatch(text) and before and _compares_column(before)
        if is_date and name_of(before[0]) not in _made_inside(query, place, "TO_CHAR"):
            yield text


def _compares_column(before: Sequence[Token]) -> bool:
    """Whether a bare column, and no call, is compared with what comes, or it is a date literal."""
    if before[-1].word in {"DATE", "TIMESTAMP"}:
        return True
    is_comparison = before[-1].text in _COMPARISONS or before[-1].word == "BETWEEN"
    return is_comparison and before[0].kind is Kind.WORD


def _made_inside(query: Outline, place: int, function: str) -> frozenset[str]:
    """What a function makes in SELECTs inside of the one that a place is of."""
    outside = query.tokens[place].depth
    for token in reversed(query.tokens[:place]):
        outside = min(outside, token.depth)
        if token.word == "SELECT" and token.depth == outside:
            break
    depths = [token.depth for token in query.tokens if token.word == "SELECT"]
    return frozenset(
        item.name or ""
        for depth, items in zip(depths, query.selects, strict=True)
        for item in items
        if depth > outside and item.function == function
    )


def _limit(query: Outline) -> Iterator[str]:
    yield from (word for word in query.limits if word == "LIMIT")


def _offset(query: Outline) -> Iterator[str]:
    yield from (word for word in query.limits if word == "OFFSET")


def _with(query: Outline) -> Iterator[str]:
    if query.has_with:
        yield "WITH"


def _order_inside(query: Outline) -> Iterator[str]:
    for place, (token, after) in enumerate(pairwise(query.tokens)):
        if (token.word, after.word) == ("ORDER", "BY") and token.depth:
            outside = [each for each in query.tokens[:place] if each.depth < token.depth]
            # The last is the parenthesis, and a word before it says what is ordered.
            if [each.word for each in outside[-2:-1]] not in _WITH_ORDER:
                yield "ORDER BY"


def _quoted_text(query: Outline) -> Iterator[str]:
    for before, token in pairwise(query.tokens):
        if token.kind is Kind.QUOTED and (before.text in _COMPARISONS or before.word == "LIKE"):
            yield token.text


def _quoted_name(query: Outline) -> Iterator[str]:
    for before, token in pairwise(query.tokens):
        is_behind_word = bool(before.word) and before.word.lower() not in RESERVED_WORDS
        is_alias = before.word == "AS" or before.text == ")" or is_behind_word
        if token.kind is Kind.QUOTED and is_alias:
            yield token.text
    # Behind a column whose name is a reserved word.
    yield from (
        f'"{item.name}"'
        for item in query.items
        if item.has_quoted_name and not item.expression.endswith('"')
    )


def _boolean_word(query: Outline) -> Iterator[str]:
    for before, token in pairwise(query.tokens):
        if token.word in {"TRUE", "FALSE"} and (before.text in _COMPARISONS or before.word == "IS"):
            yield token.text


def _unaliased(query: Outline) -> Iterator[str]:
    yield from (i.expression for i in query.items if i.name is None and not i.is_star)


def _brackets(query: Outline) -> Iterator[str]:
    opened = None
    for token in query.tokens:
        if opened and token.text in {"]", "`"}:
            yield query.text[opened.start : token.end]
            opened = None
        elif token.text in {"[", "`"}:
            opened = token


def _plus_between_texts(query: Outline) -> Iterator[str]:
    for before, token in pairwise(query.tokens):
        if "+" in {before.text, token.text} and Kind.TEXT in {before.kind, token.kind}:
            yield f"{before.text} {token.text}"


def _outer_join_by_plus(query: Outline) -> Iterator[str]:
    for opening, plus, end in zip(query.tokens, query.tokens[1:], query.tokens[2:], strict=False):
        if (opening.text, plus.text, end.text) == ("(", "+", ")"):
            yield "(+)"


def _mixed_joins(query: Outline) -> Iterator[str]:
    for place, token in enumerate(query.tokens):
        if token.word != "FROM":
            continue
        words = set()
        for each in query.tokens[place + 1 :]:
            if each.depth < token.depth or (each.depth == token.depth and each.word in CLAUSES):
                break
            words |= {each.word or each.text} if each.depth == token.depth else set()
        if words >= {",", "JOIN"}:
            yield "JOIN"


def _many_listed(query: Outline) -> Iterator[str]:
    for place, (before, token) in enumerate(pairwise(query.tokens), start=1):
        if before.word == "IN" and token.text == "(":
            listed = query.tokens[place : closing(query.tokens, place)]
            commas = sum(each.text == "," and each.depth == token.depth + 1 for each in listed)
            if commas >= MOST_LISTED:
                yield str(commas + 1)


def _unknown_function(query: Outline) -> Iterator[str]:
    for token, after in pairwise(query.tokens):
        if after.text == "(" and token.word in functions_instead():
            yield token.text


def _texts(query: Outline) -> Iterator[tuple[int, str]]:
    for place, token in enumerate(query.tokens):
        if token.kind is Kind.TEXT:
            yield place, token.text


FINDERS: Mapping[str, Finder] = {
    "no_select": _no_select,
    "unclosed": _unclosed,
    "several_statements": _several_statements,
    "too_many_columns": _too_many_columns,
    "same_name": _same_name,
    "compound_status": _compound_status,
    "iso_date": _iso_date,
    "limit": _limit,
    "offset": _offset,
    "with": _with,
    "order_inside": _order_inside,
    "unaliased": _unaliased,
    "unknown_function": _unknown_function,
    "boolean_word": _boolean_word,
    "quoted_text": _quoted_text,
    "quoted_name": _quoted_name,
    "brackets": _brackets,
    "plus_between_texts": _plus_between_texts,
    "outer_join_by_plus": _outer_join_by_plus,
    "mixed_joins": _mixed_joins,
    "many_listed": _many_listed,
    "star": _star,
}
"""Those that the text of a query shows; the others are told by NetSuite's words alone."""

"""What can be told of a query from its text alone: its columns, and what it costs to run again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tap_netsuite_tba.netsuite.query_sources import Source, sources_of
from tap_netsuite_tba.netsuite.query_tokens import (
    Kind,
    Token,
    closing,
    is_closed,
    is_name,
    name_of,
    tokens_of,
)
from tap_netsuite_tba.netsuite.select_list import QUANTIFIERS, Item, items_of

_SET_OPERATIONS = frozenset({"UNION", "INTERSECT", "MINUS", "EXCEPT"})
_AGGREGATES = frozenset(
    {
        "AVG",
        "CORR",
        "COUNT",
        "LISTAGG",
        "MAX",
        "MEDIAN",
        "MIN",
        "PERCENTILE_CONT",
        "PERCENTILE_DISC",
        "STATS_MODE",
        "STDDEV",
        "STDDEV_POP",
        "STDDEV_SAMP",
        "SUM",
        "VAR_POP",
        "VAR_SAMP",
        "VARIANCE",
    }
)


@dataclass(frozen=True)
class Outline:
    """What the text of a query tells.

    Attributes:
        text: The query without a semicolon at its end, and without what is blank, or comment,
            before and behind it.
        tokens: Those of `text`.
        items: Its SELECT list; of several SELECTs, as in a UNION, the first.
        sources: Where that SELECT reads from, in order.
    """

    text: str
    tokens: tuple[Token, ...]
    items: tuple[Item, ...]
    sources: tuple[Source, ...]

    @property
    def is_select(self) -> bool:
        """Whether it begins with SELECT, or WITH."""
        return self._first_word in {"SELECT", "WITH"}

    @property
    def has_with(self) -> bool:
        """Whether it begins with WITH."""
        return self._first_word == "WITH"

    @property
    def is_closed(self) -> bool:
        """Whether all texts and comments end, and each parenthesis has its other."""
        return is_closed(self.tokens)

    @property
    def names(self) -> tuple[str, ...] | None:
        """What NetSuite calls the columns, in order; None where the text does not tell them all."""
        names = tuple(item.name for item in self.items if item.name is not None)
        return names if names and len(names) == len(self.items) else None

    @property
    def computed(self) -> tuple[str, ...]:
        """The names of what it computes, in order; NetSuite may call them expr1, expr2."""
        return tuple(item.name for item in self.items if item.name and not item.is_column)

    @property
    def selects(self) -> tuple[tuple[Item, ...], ...]:
        """The SELECT lists anywhere in it, one of each SELECT."""
        starts = (n for n, token in enumerate(self.tokens) if token.word == "SELECT")
        blocks = (_block(self.tokens, start) for start in starts)
        return tuple(items_of(self.text, _divided(block)[0]) for block in blocks)

    @cached_property
    def is_aggregate(self) -> bool:
        """Whether rows are grouped, or counted, anywhere in it."""
        return self._has("GROUP", "BY") or any(map(self._is_aggregate_at, range(len(self.tokens))))

    @cached_property
    def is_analytic(self) -> bool:
        """Whether a function looks at other rows, anywhere in it: `… OVER (…)`."""
        return self._has("OVER", "(")

    @cached_property
    def is_distinct(self) -> bool:
        """Whether rows that are equal come once, anywhere in it."""
        return self._has("SELECT", "DISTINCT") or self._has("SELECT", "UNIQUE")

    @cached_property
    def is_compound(self) -> bool:
        """Whether SELECTs are put together in it, anywhere, by UNION and the like."""
        return any(
            token.word in _SET_OPERATIONS and (after.word in {"ALL", "SELECT"} or after.text == "(")
            for token, after in pairwise(self.tokens)
        )

    @cached_property
    def is_hierarchical(self) -> bool:
        """Whether its rows are found by CONNECT BY."""
        return self._has("CONNECT", "BY")

    @cached_property
    def is_limited(self) -> bool:
        """Whether it gives, anywhere in it, only the first of some rows."""
        return bool(self._limiting or self._numbering)

    @property
    def limits(self) -> tuple[str, ...]:
        """The words by which it gives only some rows: TOP, FETCH, LIMIT, OFFSET."""
        return tuple(token.word for token in self._limiting)

    @property
    def is_arbitrary(self) -> bool:
        """Whether it gives only some rows, and does not say which: asked again, perhaps others.

        Rows are numbered before they are ordered, unless the order stands in parentheses.
        """
        orders = [
            token.depth
            for token, after in pairwise(self.tokens)
            if (token.word, after.word) == ("ORDER", "BY")
        ]
        deepest = max(orders, default=-1)
        return any(deepest <= token.depth for token in self._numbering) or any(
            deepest < token.depth for token in self._limiting
        )

    @property
    def has_order(self) -> bool:
        """Whether it ends in an ORDER BY of its own."""
        return self._order is not None

    @property
    def ordered_by(self) -> str:
        """The one column by which its own ORDER BY sorts upwards, lower case; else empty."""
        if self._order is None:
            return ""
        tokens = self.tokens[self.tokens.index(self._order) + 2 :]
        tokens = tokens[:-1] if tokens and tokens[-1].word == "ASC" else tokens
        path = [token.text for token in tokens[:-1]]
        is_column = path in ([], [*path[:1], "."]) and tokens and is_name(tokens[-1])
        return name_of(tokens[-1]) if is_column else ""

    @property
    def unordered(self) -> str:
        """The query without its own ORDER BY, which means nothing in parentheses.

        Where it may decide which rows there are, it stays.
        """
        if self._order is None or self.is_limited:
            return self.text
        return self.text[: self._order.start].rstrip()

    def has_rows_of_one_table(self, key: str) -> bool:
        """Whether `key` is a column of one table, and a range of it costs only the rows in it.

        Args:
            key: The name of a column of the result, lower case.
        """
        is_costly = (
            self.has_with
            or self.is_aggregate
            or self.is_analytic
            or self.is_distinct
            or self.is_compound
            or self.is_hierarchical
            or self.is_limited
        )
        giving = [item for item in self.items if item.is_star or item.name == key]
        if is_costly or len(giving) != 1:
            return False
        [item] = giving
        tables = [source for source in self.sources if item.source in ("", source.alias)]
        is_column = item.is_star or item.is_column
        return is_column and len(tables) == 1 and bool(tables[0].table)

    @property
    def _first_word(self) -> str:
        return next((token.word for token in self.tokens if token.text != "("), "")

    @cached_property
    def _order(self) -> Token | None:
        """The first word of the query's own ORDER BY."""
        return next(
            (
                token
                for token, after in pairwise(self.tokens)
                if (token.word, after.word, token.depth) == ("ORDER", "BY", 0)
            ),
            None,
        )

    @cached_property
    def _numbering(self) -> tuple[Token, ...]:
        """Each ROWNUM."""
        return tuple(token for token in self.tokens if token.word == "ROWNUM")

    @cached_property
    def _limiting(self) -> tuple[Token, ...]:
        """Each TOP, FETCH, LIMIT and OFFSET that is no name."""
        return tuple(
            token
            for before, token, after in zip(
                self.tokens, self.tokens[1:], self.tokens[2:], strict=False
            )
            if _is_limiting(before, token, after)
        )

    def _has(self, first: str, second: str) -> bool:
        return any(
            token.word == first and second in (after.word, after.text)
            for token, after in pairwise(self.tokens)
        )

    def _is_aggregate_at(self, place: int) -> bool:
        """Whether an aggregate function is called here, and not as an analytic one."""
        word, *behind = self.tokens[place : place + 2]
        if word.word not in _AGGREGATES or not behind or behind[0].text != "(":
            return False
        end = closing(self.tokens, place + 1) + 1
        return end == len(self.tokens) or self.tokens[end].word != "OVER"


def _is_limiting(before: Token, token: Token, after: Token) -> bool:
    if token.word == "FETCH":
        return after.word in {"FIRST", "NEXT"}
    if after.kind is not Kind.NUMBER and after.text != "(":
        return False
    if token.word == "TOP":
        return before.word in QUANTIFIERS | {"SELECT"}
    is_name = before.text in {".", ","} or before.word in QUANTIFIERS | {"AS", "SELECT"}
    return token.word in {"LIMIT", "OFFSET"} and not is_name


def outline(text: str) -> Outline:
    """What the text of a query tells; of a text that is no query, little or nothing."""
    tokens = tokens_of(text)
    while tokens and tokens[-1].text == ";":
        tokens = tokens[:-1]
    if tokens:
        text = text[tokens[0].start : tokens[-1].end]
        tokens = tokens_of(text)
    listed, rest = _divided(_first_select(tokens))
    return Outline(text if tokens else "", tokens, items_of(text, listed), tuple(sources_of(rest)))


def _first_select(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens behind the first SELECT that is not a sub-select, to the end of its block."""
    outermost = next((token.depth for token in tokens if token.text != "("), 0)
    for start, token in enumerate(tokens):
        if token.word == "SELECT" and token.depth == outermost:
            return _block(tokens, start)
    return ()


def _block(tokens: Sequence[Token], start: int) -> Sequence[Token]:
    """The tokens behind a SELECT, to the end of its block."""
    depth, behind = tokens[start].depth, tokens[start + 1 :]
    ends = (
        place
        for place, each in enumerate(behind)
        if each.depth < depth or (each.depth == depth and each.word in _SET_OPERATIONS)
    )
    return behind[: next(ends, len(behind))]


def _divided(block: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """The SELECT list of a block, and what stands behind its FROM."""
    for place, token in enumerate(block):
        if token.word == "FROM" and token.depth == block[0].depth:
            return block[:place], block[place + 1 :]
    return block, ()

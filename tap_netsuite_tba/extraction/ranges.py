"""Intervals of keys, and how much of a table has been read.

A position is a key or its first values: `(7,)` stands behind every row whose key begins with 7,
`(7, 2)` behind those that begin with 7, 2. Rows are read in ranges between two positions.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tap_netsuite_tba.tables import KeyValue


@dataclass(frozen=True)
class Range:
    """The rows whose key lies behind `after` and not behind `up_to`; None is no bound."""

    after: KeyValue | None = None
    up_to: KeyValue | None = None

    def __str__(self) -> str:
        return f"({_text(self.after, 'start')}, {_text(self.up_to, 'end')}]"

    def holds(self, key: KeyValue) -> bool:
        """Whether a row with this key lies in the range."""
        return rank(key) > rank(self.after) and (
            self.up_to is None or rank(key) <= rank(self.up_to)
        )

    def halves(self) -> "tuple[Range, Range] | None":
        """The range cut in two by its leading key; None when nothing lies between its ends."""
        if self.after is None or self.up_to is None:
            return None
        middle = (self.after[0] + self.up_to[0]) // 2
        if not self.after[0] < middle < self.up_to[0]:
            return None
        return Range(self.after, (middle,)), Range((middle,), self.up_to)

    def holds_one_row(self, width: int) -> bool:
        """Whether no more than one row of a table can lie in it; its key is of `width` values."""
        if self.after is None or self.up_to is None or len(self.after) != width:
            return False
        return self.up_to[:-1] == self.after[:-1] and self.up_to[-1] - self.after[-1] <= 1

    def overlap(self, other: "Range") -> "Range | None":
        """What lies in both; None if that is nothing."""
        after = later(self.after, other.after)
        up_to = min(self.up_to, other.up_to, key=_rank_of_end)
        return Range(after, up_to) if rank(after) < _rank_of_end(up_to) else None

    def without(self, other: "Range") -> "list[Range]":
        """What lies in this one only: up to two ranges, in ascending order."""
        common = self.overlap(other)
        if common is None:
            return [self]
        rest = []
        if rank(self.after) < rank(common.after):
            rest.append(Range(self.after, common.after))
        if _rank_of_end(common.up_to) < _rank_of_end(self.up_to):
            rest.append(Range(common.up_to, self.up_to))
        return rest


@dataclass(frozen=True)
class Progress:
    """What has been read: all rows up to `after_key`, and those in the ranges `beyond` it.

    Attributes:
        after_key: None until the first rows of the table are out.
        beyond: Ranges in ascending order that neither touch each other nor `after_key`.
    """

    after_key: KeyValue | None = None
    beyond: tuple[Range, ...] = ()

    def covering(self, done: Range) -> "Progress":
        """The progress after one more range, bounded above, has been read."""
        if done.up_to is None:
            raise ValueError(f"{done} has no upper bound")
        merged: list[Range] = []
        for part in sorted((*self.beyond, done), key=lambda part: rank(part.after)):
            last = merged[-1] if merged else None
            if last and last.up_to and rank(part.after) <= rank(last.up_to):
                merged[-1] = Range(last.after, later(last.up_to, part.up_to))
            else:
                merged.append(part)
        after_key = self.after_key
        while merged and rank(merged[0].after) <= rank(after_key):
            after_key = later(after_key, merged.pop(0).up_to)
        return replace(self, after_key=after_key, beyond=tuple(merged))

    def missing(self, wanted: Range) -> Iterator[Range]:
        """The parts of a range that have not been read, in ascending order."""
        start = wanted.after
        if rank(start) < rank(self.after_key):
            start = self.after_key
        for part in self.beyond:
            if part.up_to is None or rank(part.up_to) <= rank(start):
                continue
            if wanted.up_to is not None and rank(part.after) >= rank(wanted.up_to):
                break
            if rank(start) < rank(part.after):
                yield Range(start, part.after)
            start = part.up_to
        if wanted.up_to is None or rank(start) < rank(wanted.up_to):
            yield Range(start, wanted.up_to)

    @property
    def highest(self) -> KeyValue | None:
        """The last position that has been read."""
        return self.beyond[-1].up_to if self.beyond else self.after_key


def rank(position: KeyValue | None) -> tuple[float, ...]:
    """Positions sort by it: a shorter one stands behind all that begin with it, None before all."""
    return (-math.inf,) if position is None else (*position, math.inf)


def before(key: KeyValue) -> KeyValue:
    """The position just before a row, behind all rows that come before it."""
    return (*key[:-1], key[-1] - 1)


def later(one: KeyValue | None, other: KeyValue | None) -> KeyValue | None:
    """That of two positions behind which fewer rows stand."""
    return one if rank(one) >= rank(other) else other


def _rank_of_end(up_to: KeyValue | None) -> tuple[float, ...]:
    return (math.inf,) if up_to is None else rank(up_to)


def _text(position: KeyValue | None, unbounded: str) -> str:
    return unbounded if position is None else ", ".join(map(str, position))

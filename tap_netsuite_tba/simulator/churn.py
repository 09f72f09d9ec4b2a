"""Churn: rows that are edited, entered, deleted while somebody reads them.

``Churn`` says how much of it happens by itself; ``Activity`` does it, then or when a test says so.
"""

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Self

from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.company import (
    CHANGING_TABLES,
    DELETABLE_TABLES,
    Changes,
    Company,
)
from tap_netsuite_tba.simulator.storage import Storage

_MOST_EVENTS = 60_000
_ROWS_OF_A_MASS_UPDATE = 5_000
_SECONDS_LATE = 900
_USUAL: Mapping[str, float] = {
    "edits": 60,
    "records": 10,
    "inserts": 30,
    "late": 5,
    "mass": 0.1,
    "deletes": 6,
    "untraced": 1,
    "lines": 10,
    "quiet": 5,
}


@dataclass(frozen=True)
class Churn:
    """What happens in an account, in events per minute of its clock.

    Attributes:
        edits: of transactions; orders change in their amounts, too.
        records: edits of customers, vendors, items and custom records, in turn.
        inserts: new orders and journals.
        late: the same, but saying that they were entered a quarter of an hour before.
        mass: updates of 5,000 transactions within one second.
        deletes: of transactions and custom records, in turn, with a trace in deletedrecord.
        untraced: the same without a trace.
        lines: lines removed from orders; the headers' modification dates move.
        quiet: lines changed without their headers.

    Raises:
        ValueError: a rate is negative or too high.
    """

    edits: float = 0
    records: float = 0
    inserts: float = 0
    late: float = 0
    mass: float = 0
    deletes: float = 0
    untraced: float = 0
    lines: float = 0
    quiet: float = 0

    def __post_init__(self) -> None:
        for name, rate in vars(self).items():
            if not 0 <= rate <= _MOST_EVENTS:
                raise ValueError(
                    f"churn {name} is 0 to {_MOST_EVENTS:,} events per minute, not {rate}"
                )

    @classmethod
    def of(cls, text: str) -> Self:
        """Return what ``on``, or a text such as ``edits=60,deletes=0.5``, stands for.

        Raises:
            ValueError: it names no kind of event, or no rate.
        """
        if text.strip().lower() == "on":
            return cls(**_USUAL)
        names = [kind.name for kind in fields(cls)]
        rates: dict[str, float] = {}
        for part in text.split(","):
            name, _, rate = (piece.strip() for piece in part.partition("="))
            if name not in names:
                raise ValueError(
                    f"churn is on, or name=events per minute with {', '.join(names)}; not {part!r}"
                )
            rates[name] = _rate(name, rate)
        return cls(**rates)


class Activity:
    """What users and scripts do in an account: at once by its methods, by itself by ``go_on``.

    Each method is one step, which a reader sees whole or not at all, and returns the ids of the
    rows that it fell on, in ascending order: fewer than asked where the company has not so many.
    The same calls on the same company fall on the same rows.

    Args:
        storage: where the company is.
        clock: the account's.
        company: which one; its seed decides which rows it falls on.
        churn: what happens by itself since the company's birth.
    """

    def __init__(
        self, storage: Storage, clock: Clock, company: Company, churn: Churn | None = None
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._seed = company.seed
        self._born = company.born
        self._until = company.born
        self._churn = churn or Churn()
        self._going_on = threading.Lock()
        self._steps = 0
        self._gone: set[int] = set()

    def edit(self, count: int, table: str = "transaction") -> list[int]:
        """Edit transactions, or records of another table (see CHANGING_TABLES)."""
        _check(table, CHANGING_TABLES)
        with self._step() as changes:
            return changes.edit(self._now(count), table)

    def insert(self, count: int) -> list[int]:
        """Enter orders and journals; their ids are the newest."""
        with self._step() as changes:
            return changes.insert(self._now(count))

    def commit_late(self, count: int, seconds: int = _SECONDS_LATE) -> list[int]:
        """Enter what says that it was entered ``seconds`` ago, under ids below the newest.

        Raises:
            ValueError: it would say so of the future.
        """
        if seconds < 0:
            raise ValueError(f"a late commit is 0 seconds late or more, not {seconds}")
        with self._step() as changes:
            return changes.commit_late(self._now(count), seconds)

    def mass_update(self, count: int, table: str = "transaction") -> list[int]:
        """Touch ``count`` records within the present second (see CHANGING_TABLES)."""
        _check(table, CHANGING_TABLES)
        with self._step() as changes:
            [now] = self._now(1)
            return changes.mass_update(now, count, table)

    def delete(self, count: int, table: str = "transaction", *, traced: bool = True) -> list[int]:
        """Delete records (see DELETABLE_TABLES), with or without a trace in deletedrecord."""
        _check(table, DELETABLE_TABLES)
        with self._step() as changes:
            ids = changes.delete(self._now(count), table, traced=traced)
            self._forget(ids, table)
            return ids

    def remove_lines(self, count: int) -> list[int]:
        """Take lines from as many orders; returns the unique keys that they had."""
        with self._step() as changes:
            return changes.remove_lines(self._now(count))

    def edit_lines(self, count: int) -> list[int]:
        """Change lines without their headers; returns the unique keys."""
        with self._step() as changes:
            return changes.edit_lines(self._now(count))

    def go_on(self) -> None:
        """Let happen what came due since the last time; who comes meanwhile does not wait."""
        if not self._going_on.acquire(blocking=False):
            return
        try:
            now = self._clock.now().replace(microsecond=0)
            due = {kind.name: self._due(kind.name, now) for kind in fields(Churn)}
            if any(due.values()):
                with self._step() as changes:
                    self._apply(changes, due)
            self._until = max(now, self._until)
        finally:
            self._going_on.release()

    def _apply(self, changes: Changes, due: Mapping[str, Sequence[datetime]]) -> None:
        if due["inserts"]:
            changes.insert(due["inserts"])
        if due["late"]:
            changes.commit_late(due["late"], _SECONDS_LATE)
        if due["edits"]:
            changes.edit(due["edits"])
        for table, moments in self._in_turn(CHANGING_TABLES[1:], due["records"]):
            changes.edit(moments, table)
        for moment in due["mass"]:
            changes.mass_update(moment, _ROWS_OF_A_MASS_UPDATE)
        if due["quiet"]:
            changes.edit_lines(due["quiet"])
        if due["lines"]:
            changes.remove_lines(due["lines"])
        for kind in ("deletes", "untraced"):
            for table, moments in self._in_turn(DELETABLE_TABLES, due[kind]):
                ids = changes.delete(moments, table, traced=kind == "deletes")
                self._forget(ids, table)

    def _due(self, kind: str, now: datetime) -> list[datetime]:
        """Return the moments since the last time at which an event of a kind came due."""
        rate = getattr(self._churn, kind) / 60
        first, last = (
            math.floor(rate * (instant - self._born).total_seconds())
            for instant in (self._until, now)
        )
        return [
            self._born + timedelta(seconds=math.floor(number / rate))
            for number in range(first + 1, last + 1)
        ]

    def _now(self, count: int) -> list[datetime]:
        return [self._clock.now().replace(microsecond=0)] * count

    def _in_turn(
        self, tables: Sequence[str], moments: Sequence[datetime]
    ) -> Iterator[tuple[str, Sequence[datetime]]]:
        """Deal moments out to tables; a step begins where the one before did not."""
        for place in range(min(len(tables), len(moments))):
            yield tables[(self._steps + place) % len(tables)], moments[place :: len(tables)]

    def _forget(self, ids: Sequence[int], table: str) -> None:
        if table == "transaction":
            self._gone.update(ids)

    @contextmanager
    def _step(self) -> Iterator[Changes]:
        with self._storage.transaction() as session:
            self._steps += 1
            yield Changes(session, f"{self._seed} {self._steps}", self._gone)


def _rate(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"churn {name} is a number of events per minute, not {text!r}") from error


def _check(table: str, tables: Sequence[str]) -> None:
    if table not in tables:
        raise ValueError(f"table is one of {', '.join(tables)}, not {table!r}")

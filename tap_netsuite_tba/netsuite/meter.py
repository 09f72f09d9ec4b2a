"""What requests cost, counted by a client as they go."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

UNNAMED = "unnamed"
"""What requests are counted under that are about no table."""


@dataclass(frozen=True)
class Counts:
    """What requests took.

    Attributes:
        requests: How many were sent, retries included.
        retries: How many of them asked for the same once more.
        waited: Seconds that threads slept before retries, added up.
        received: Bytes of the answers' bodies as they came over the wire, thus compressed.
        busy: Seconds from sending to the last byte, added up: session-seconds.
    """

    requests: int = 0
    retries: int = 0
    waited: float = 0.0
    received: int = 0
    busy: float = 0.0

    def __add__(self, other: "Counts") -> "Counts":
        """What both took together."""
        return Counts(
            self.requests + other.requests,
            self.retries + other.retries,
            self.waited + other.waited,
            self.received + other.received,
            self.busy + other.busy,
        )


@dataclass(eq=False)
class Exchange:
    """One request in flight.

    Attributes:
        table: What it is about.
        began: When it was sent, by the meter's clock.
        received: Bytes of its answer; whoever reads them says how many there were.
    """

    table: str
    began: float
    received: int = 0


class Meter:
    """Counts the requests of a client, for each table; may be used by many threads.

    Attributes:
        monotonic: The clock by which durations are measured.
        began: When the first request was sent, by that clock; None before.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        self.began: float | None = None
        self._lock = threading.Lock()
        self._ended: defaultdict[str, Counts] = defaultdict(Counts)
        self._first: dict[str, float] = {}
        self._in_flight: set[Exchange] = set()

    @contextmanager
    def exchange(self, table: str | None) -> Iterator[Exchange]:
        """Send one request inside of this, and read its answer to the last byte."""
        exchange = Exchange(table or UNNAMED, self.monotonic())
        with self._lock:
            self.began = self.began or exchange.began
            self._first.setdefault(exchange.table, exchange.began)
            self._in_flight.add(exchange)
        try:
            yield exchange
        finally:
            with self._lock:
                self._in_flight.remove(exchange)
                self._ended[exchange.table] += self._taken(exchange)

    def retried(self, table: str | None, waited: float = 0.0) -> None:
        """Take note that the same is asked once more, after so many seconds."""
        with self._lock:
            self._ended[table or UNNAMED] += Counts(retries=1, waited=waited)

    @property
    def tables(self) -> Mapping[str, Counts]:
        """What the requests about each table took so far, those in flight included."""
        with self._lock:
            counts = defaultdict(Counts, self._ended)
            for exchange in self._in_flight:
                counts[exchange.table] += self._taken(exchange)
        return dict(counts)

    @property
    def total(self) -> Counts:
        """What all of them took so far."""
        return sum(self.tables.values(), Counts())

    def first_of(self, table: str) -> float | None:
        """When the first request about a table was sent; None if none was."""
        with self._lock:
            return self._first.get(table)

    def begin_anew(self) -> Counts:
        """Forget the tables, of which another part of the run begins; returns what they took."""
        with self._lock:
            ended, self._ended = self._ended, defaultdict(Counts)
            self._first = {}
        return sum(ended.values(), Counts())

    def _taken(self, exchange: Exchange) -> Counts:
        seconds = self.monotonic() - exchange.began
        return Counts(requests=1, received=exchange.received, busy=seconds)

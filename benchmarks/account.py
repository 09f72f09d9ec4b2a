"""The simulator in a process of its own, so that it takes no time of Python's from who is measured.

What it is told and asked travels over a pipe; requests go to its port, as anybody's.
"""

import multiprocessing
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any, Concatenate, ParamSpec, TypeVar

from benchmarks.tables import Made
from tap_netsuite_tba.simulator import Churn, Latency, Served, Simulator

SESSIONS = 5
Given = ParamSpec("Given")
Answer = TypeVar("Answer")
MATCHED = 1e-6
"""Seconds for each row that a query finds, on top of a request's own: a million rows a second."""


class Kind(StrEnum):
    """What a request asks for."""

    FIRST = "first page"
    PLAN = "plan"
    RANGE = "range"
    COUNT = "count"
    OTHER = "other"


@dataclass(frozen=True)
class Asked:
    """A request as the account saw it.

    Attributes:
        kind: What it asked for.
        table: Of which table.
        began: When it took its session, in seconds of the machine's monotonic clock.
        ended: When it gave it back.
    """

    kind: Kind
    table: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


class _Watched(Simulator):
    """A simulator that keeps the requests that it worked on."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of Simulator
        super().__init__(**settings)
        self.served: list[Served] = []
        self.watchers.append(self.served.append)


class Account:
    """The account, as seen from this process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def connection(self) -> dict[str, str]:
        """The settings that lead to it."""
        return self._do(_connection)

    def make(self, *tables: Made) -> None:
        """Fill tables."""
        for table in tables:
            self.sql(table.sql)

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        """What DuckDB answers."""
        return self._do(Simulator.sql, text)

    def columns(self, table: str) -> frozenset[str]:
        """Those that its role may read."""
        return self._do(Simulator.readable)[table]

    def asked(self) -> list[Asked]:
        """The requests since this was called last, in the order of their beginnings."""
        return self._do(_asked)

    def _do(
        self,
        function: Callable[Concatenate[_Watched, Given], Answer],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Answer:
        """Call a function there."""
        self._pipe.send((function, given, named))
        answer: Answer = self._pipe.recv()
        return answer


@contextmanager
def account(
    seconds: float, *, churn: Churn | None = None, transactions: int = 1_000
) -> Iterator[Account]:
    """An account in a process that ends with the block.

    Args:
        seconds: What a request takes at least; each row that its query finds adds `MATCHED`.
        churn: What changes by itself; None for nothing.
        transactions: How many its company has.
    """
    here, there = multiprocessing.Pipe()
    settings = {
        "transactions": transactions,
        "churn": churn,
        "latency": Latency(base=seconds, matched=MATCHED),
    }
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(there, settings))
    process.start()
    there.close()  # Else nobody notices when the process is gone.
    try:
        yield Account(here)
    finally:
        here.close()
        process.join()


def _serve(pipe: Connection, settings: dict[str, Any]) -> None:
    """Do what the pipe asks for until it is closed."""
    with _Watched(**settings) as simulator:
        while True:
            try:
                function, given, named = pipe.recv()
            except EOFError:
                return
            pipe.send(function(simulator, *given, **named))


def _connection(simulator: _Watched) -> dict[str, str]:
    return {**asdict(simulator.credentials), "base_url": simulator.base_url}


def _asked(simulator: _Watched) -> list[Asked]:
    served, simulator.served[:] = [*simulator.served], []
    return sorted(map(_understood, served), key=lambda asked: asked.began)


_TABLE = re.compile(r"FROM (\w+)")
_KINDS = (
    (Kind.OTHER, re.compile(r"FROM (deletedrecord|custom(field|list|recordtype|segment))\b")),
    (Kind.PLAN, re.compile(r"ROW_NUMBER\(")),
    (Kind.COUNT, re.compile(r"^SELECT COUNT\(\*\)")),
    # That a row's key lies above those of the last pass stands in brackets, before the bounds.
    (Kind.RANGE, re.compile(r"(>|<=) -?\d+ ORDER BY")),
    (Kind.FIRST, re.compile(r"ASC$")),
    (Kind.OTHER, re.compile("")),
)


def kind_of(query: str) -> Kind:
    """What a query of the tap's asks for."""
    return next(kind for kind, pattern in _KINDS if pattern.search(query))


def _understood(served: Served) -> Asked:
    query = served.request.query
    table = _TABLE.search(query)
    return Asked(kind_of(query), table[1] if table else "", served.began, served.ended)

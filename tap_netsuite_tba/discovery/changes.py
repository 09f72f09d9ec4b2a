"""What is new, gone or of another type in the account since a catalog was made.

It is said and changes nothing: what a sync reads is what its catalog has.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import monotonic

from tap_netsuite_tba.discovery.account_now import account_as_listed, account_now
from tap_netsuite_tba.discovery.candidates import wants_customization
from tap_netsuite_tba.discovery.compared import Changes, compared
from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.marks import ask_again, ask_marks
from tap_netsuite_tba.discovery.memory import Memory
from tap_netsuite_tba.errors import ExtractionError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    TimedOut,
    concerns_the_account,
    is_fault,
    said_by,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.tables import Table

logger = logging.getLogger(__name__)

_NAMED = 10
"""So many names of a kind are said; of the others, how many they are."""

_EACH_PATIENCE = 2.0
"""Seconds of faults that each query gets, of `SHORT_PATIENCE` for all of them."""

_LONGEST_WAIT = 30.0
"""Seconds after the first question until which a sync that is done waits for the answers."""

_AT_ONCE = 3
"""So many questions at once; of five sessions the sync has the others."""

_TAKEN_IN_BY = (
    "To take that in, discover a new catalog: tap-netsuite-tba --config config.json --discover > "
    "catalog.json; with Meltano: meltano run --refresh-catalog <extractor> <loader>."
)


@contextmanager
def saying_changes(
    tables: Sequence[Table],
    wanted: Wanted,
    memory: Memory | None,
    fetch: Fetch,
    *,
    after: threading.Event,
) -> Iterator[None]:
    """Says what became of the account since a catalog was made, while a sync goes on.

    It is asked in threads of its own, and said as soon as it is known. A sync that is done earlier
    waits for it, until half a minute after the first question; one that fails does not wait. After
    that nothing more is asked or said. Server faults are waited out for ten seconds in all.

    Args:
        tables: As the catalog has them.
        wanted: What the settings ask for.
        memory: The last discovery's.
        fetch: Sends a query.
        after: Set when the sync has had its first answer, before which nothing is asked here: a
            first request holds up all others. A sync that is done without any sets it here.

    Raises:
        NetSuiteError: At the end: the account cannot be asked at all.
    """
    if not wants_customization((*wanted.patterns, *(table.name for table in tables))):
        yield
        return
    floor, thread = _Floor(), Workers(1)
    ask = partial(changes_since, tables, wanted, memory)
    asked = thread.submit(partial(_find_out, ask, fetch, floor, after))
    try:
        yield
        if not after.is_set():
            floor.since = monotonic()
            after.set()
        _wait_for(asked, floor)
    finally:
        floor.take()
        after.set()
        thread.close()


class _Floor:
    """Lets the first who has something to say say it, and nobody after that.

    Attributes:
        since: When somebody began to find out what there is to say.
    """

    def __init__(self) -> None:
        self.since = monotonic()
        self._is_taken = False
        self._taking = threading.Lock()

    def take(self, say: Callable[[], None] | None = None) -> None:
        """Says it, if nobody has spoken; without anything to say, nobody will."""
        with self._taking:
            if say and not self._is_taken:
                say()
            self._is_taken = True

    def check(self) -> None:
        """Raises CancelledError once it is taken: there is no use in finding out more."""
        if self._is_taken:
            raise CancelledError


def _wait_for(asked: Future[None], floor: _Floor) -> None:
    try:
        asked.result(timeout=max(0.0, floor.since + _LONGEST_WAIT - monotonic()))
    except TimeoutError:
        words = f"there is no answer yet after {monotonic() - floor.since:.0f} s."
        floor.take(partial(_say_unknown, words))


def _find_out(
    ask: Callable[[Fetch, Workers], Changes], fetch: Fetch, floor: _Floor, after: threading.Event
) -> None:
    """Asks, and says what is found; only what the whole run would meet is raised."""
    after.wait()
    floor.since = monotonic()
    workers = Workers(_AT_ONCE)
    try:
        changes = ask(_while_of_use(_hurried(fetch), floor), workers)
    except ExtractionError as error:
        floor.take(partial(_say_unknown, str(error)))
    except NetSuiteError as error:
        if concerns_the_account(error):
            raise
        floor.take(partial(_say_unknown, said_by(error)))
    else:
        floor.take(partial(_say, changes))
    finally:
        workers.close()


def changes_since(
    tables: Sequence[Table], wanted: Wanted, memory: Memory | None, fetch: Fetch, workers: Workers
) -> Changes:
    """What became of the account since a catalog was made.

    A request tells whether it is as when this catalog was last compared, or as the last discovery
    remembers it. If it is not, the account's own lists are read, and what they and the catalog do
    not agree on is asked for. If nothing is remembered, it is told only what the lists tell.

    Raises:
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: A list of NetSuite's cannot be understood.
    """
    if memory is None:
        return compared(tables, account_as_listed(tables, wanted, fetch, workers))
    last, kept = memory.read_changes(tables), memory.read()
    known = last or kept
    if known and known.marks:
        marks = ask_again(known.marks, fetch, workers)
    else:
        marks = ask_marks(fetch, workers)
    if last and last.marks == marks and memory.believes_changes(last):
        return last.changes
    if kept and kept.marks == marks:
        meant = [table for table in tables if wanted.means(table.name)]
        return compared(meant, kept.discovery.tables)
    if known:
        now = account_now(tables, wanted, kept, fetch, workers)
        changes = compared(tables, now.tables, now.added)
    else:
        changes = compared(tables, account_as_listed(tables, wanted, fetch, workers))
    memory.write_changes(marks, tables, changes)
    return changes


def _while_of_use(fetch: Fetch, floor: _Floor) -> Fetch:
    """Sends queries until somebody has spoken; what is answered after that is not looked at."""

    def fetch_if_of_use(query: Query) -> Page:
        floor.check()
        try:
            return fetch(query)
        finally:
            floor.check()

    return fetch_if_of_use


def _hurried(fetch: Fetch) -> Fetch:
    """Sends queries of which none waits long for server faults to pass.

    Once they have taken ten seconds in all, a fault is no answer: nothing is gone because of it.
    """
    end = monotonic() + SHORT_PATIENCE

    def hurried(query: Query) -> Page:
        left = max(0.0, min(_EACH_PATIENCE, end - monotonic()))
        try:
            return fetch(replace(query, patience=left))
        except NetSuiteError as error:
            if is_fault(error) and monotonic() >= end:
                raise TimedOut(
                    error.detail, status=error.status, code=error.code, table=error.table
                ) from error
            raise

    return hurried


def _say_unknown(words: str) -> None:
    logger.warning("Whether the account is still as the catalog has it cannot be told: %s", words)


def _say(changes: Changes) -> None:
    kinds = {"New": changes.new, "Gone": changes.gone, "Of another type": changes.retyped}
    found = " ".join(f"{kind}: {_listed(names)}." for kind, names in kinds.items() if names)
    if found:
        level = logging.WARNING if changes.gone or changes.retyped else logging.INFO
        logger.log(
            level, "The account is no longer as the catalog has it. %s %s", found, _TAKEN_IN_BY
        )
    if changes.lacking:
        logger.info(
            "The catalog does not have these tables, which are new or were left out of it: %s. %s",
            _listed(changes.lacking),
            _TAKEN_IN_BY,
        )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")

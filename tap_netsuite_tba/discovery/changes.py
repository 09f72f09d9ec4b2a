"""What is new, gone or of another type in the account since a catalog was made.

It is said and changes nothing: what a sync reads is what its catalog has.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from time import monotonic

from tap_netsuite_tba.discovery.account_now import account_now
from tap_netsuite_tba.discovery.candidates import wants_customization
from tap_netsuite_tba.discovery.compared import Changes, compared
from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.marks import ask_again, ask_marks
from tap_netsuite_tba.discovery.memory import Memory, Remembered
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
"""Seconds that a sync waits for what is only said."""

_TAKEN_IN_BY = (
    "To take that in, discover a new catalog: tap-netsuite-tba --config config.json --discover > "
    "catalog.json; with Meltano: meltano run --refresh-catalog <extractor> <loader>."
)


def say_changes(
    tables: Sequence[Table], wanted: Wanted, memory: Memory | None, fetch: Fetch, workers: Workers
) -> None:
    """Says what became of the account since a catalog was made.

    A sync is not held up by it for long: server faults are waited out for ten seconds in all, and
    of requests without an answer nobody waits for the end. They keep their sessions until then.

    Args:
        tables: As the catalog has them.
        wanted: What the settings ask for.
        memory: The last discovery's.
        fetch: Sends a query.
        workers: Where several are sent at once.

    Raises:
        NetSuiteError: The account cannot be asked at all.
    """
    if not wants_customization((*wanted.patterns, *(table.name for table in tables))):
        return
    # In threads of its own: those of the sync must not wait for what is only said.
    ask = partial(changes_since, tables, wanted, memory, _hurried(fetch), Workers(workers.size))
    try:
        changes = Workers(1).submit(ask).result(timeout=_LONGEST_WAIT)
    except TimeoutError:
        _say_unknown(f"there is no answer yet after {_LONGEST_WAIT:g} s.")
    except ExtractionError as error:
        _say_unknown(str(error))
    except NetSuiteError as error:
        if concerns_the_account(error):
            raise
        _say_unknown(said_by(error))
    else:
        _say(changes)


def changes_since(
    tables: Sequence[Table], wanted: Wanted, memory: Memory | None, fetch: Fetch, workers: Workers
) -> Changes:
    """What became of the account since a catalog was made.

    Three requests tell whether it is as when this catalog was last compared, or as the last
    discovery remembers it. If it is not, or nothing is remembered, the account's own lists are
    read.

    Raises:
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: A list of NetSuite's cannot be understood.
    """
    if memory is None:
        return _changes(tables, wanted, None, fetch, workers)
    last, kept = memory.read_changes(tables), memory.read()
    known = last or kept
    if known and known.marks:
        marks = ask_again(known.marks, fetch, workers)
    else:
        marks = ask_marks(fetch, workers)
    if last and last.marks == marks:
        return last.changes
    if kept and kept.marks == marks:
        meant = [table for table in tables if wanted.means(table.name)]
        return compared(meant, kept.discovery.tables)
    changes = _changes(tables, wanted, kept, fetch, workers)
    memory.write_changes(marks, tables, changes)
    return changes


def _changes(
    tables: Sequence[Table],
    wanted: Wanted,
    before: Remembered | None,
    fetch: Fetch,
    workers: Workers,
) -> Changes:
    now = account_now(tables, wanted, before, fetch, workers)
    return compared(tables, now.tables, now.added)


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

"""What is new, gone or of another type in the account since a catalog was made.

It is said and changes nothing: what a sync reads is what its catalog has.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tap_netsuite_tba.discovery.customized import as_customized_now
from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.marks import ask_again
from tap_netsuite_tba.discovery.memory import Memory
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.tables import Column, Table

logger = logging.getLogger(__name__)

_NAMED = 10
"""So many names of a kind are said; of the others, how many they are."""

_TAKEN_IN_BY = (
    "To take that in, discover a new catalog: tap-netsuite-tba --config config.json --discover > "
    "catalog.json; with Meltano: meltano run --refresh-catalog <extractor> <loader>."
)


@dataclass(frozen=True)
class Changes:
    """Names of tables, and of columns as `table.column`, and what became of them."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()


def say_changes(
    tables: Sequence[Table], wanted: Wanted, memory: Memory | None, fetch: Fetch, workers: Workers
) -> None:
    """Says, in one message, what became of the account since a catalog was made.

    Args:
        tables: As the catalog has them.
        wanted: What the settings ask for.
        memory: The last discovery's.
        fetch: Sends a query.
        workers: Where several are sent at once.

    Raises:
        NetSuiteError: The account cannot be asked at all.
    """
    try:
        changes = changes_since(tables, wanted, memory, fetch, workers)
    except NetSuiteError as error:
        if not is_unanswerable(error):
            raise
        logger.warning(
            "Whether the account is still as the catalog has it cannot be told: %s", said_by(error)
        )
        return
    kinds = {"New": changes.new, "Gone": changes.gone, "Of another type": changes.retyped}
    found = " ".join(f"{kind}: {_listed(names)}." for kind, names in kinds.items() if names)
    if found:
        level = logging.WARNING if changes.gone or changes.retyped else logging.INFO
        logger.log(
            level, "The account is no longer as the catalog has it. %s %s", found, _TAKEN_IN_BY
        )


def changes_since(
    tables: Sequence[Table], wanted: Wanted, memory: Memory | None, fetch: Fetch, workers: Workers
) -> Changes:
    """What became of the account since a catalog was made.

    Three requests tell whether it is as the last discovery remembers it. If it is not, or nothing
    is remembered, the account's own lists are read, and only custom tables and columns compared.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    kept = memory.read() if memory else None
    if kept and ask_again(kept.marks, fetch, workers) == kept.marks:
        return compared(tables, kept.discovery.tables)
    return compared(tables, as_customized_now(tables, wanted, fetch, workers))


def compared(catalog: Iterable[Table], account: Iterable[Table]) -> Changes:
    """What the account has and the catalog has not, and the other way round."""
    before = {table.name: table for table in catalog}
    now = {table.name: table for table in account}
    new, gone = sorted(now.keys() - before.keys()), sorted(before.keys() - now.keys())
    retyped: list[str] = []
    for name in sorted(before.keys() & now.keys()):
        had, has = _by_name(before[name]), _by_name(now[name])
        new += [f"{name}.{column}" for column in has if column not in had]
        gone += [f"{name}.{column}" for column in had if column not in has]
        retyped += [
            f"{name}.{column} ({has[column].type}, was {had[column].type})"
            for column in had
            if column in has and has[column].type is not had[column].type
        ]
    return Changes(tuple(new), tuple(gone), tuple(retyped))


def _by_name(table: Table) -> Mapping[str, Column]:
    return {column.name: column for column in table.columns}


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")

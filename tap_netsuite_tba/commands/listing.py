"""What there is to list of an account: its tables, how many rows they have, and what to select."""

import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from functools import partial

from tap_netsuite_tba.commands.record_listing import ListedType
from tap_netsuite_tba.discovery.candidates import named_tables
from tap_netsuite_tba.discovery.families import is_custom
from tap_netsuite_tba.discovery.found import Discovery, Refused, fits
from tap_netsuite_tba.discovery.report import withheld
from tap_netsuite_tba.extraction.counts import count_rows
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.netsuite.suiteql import select_count
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, Group, Source, Table
from tap_netsuite_tba.type_names import COLUMN_TYPES

logger = logging.getLogger(__name__)

COUNTING_SECONDS = 30.0
"""If no count comes for so long, the others are not waited for."""

TYPE_NAMES = {kind: name for name, kind in COLUMN_TYPES.items()}
"""The types in the words of the setting `column_types`."""

Rows = Mapping[str, int | None]
"""How many rows each table has; None where NetSuite does not count them in time."""


@dataclass(frozen=True)
class Listing:
    """What a command lists.

    Attributes:
        found: What the role can read, and what it cannot.
        rows: Nothing of a table that was not counted.
        withheld: The columns of each readable table that NetSuite refuses, but for custom fields
            of its family that only other tables have, or may have.
        own: The streams of record types and queries that are offered for `select`.
        selected: The tables that are.
        left_out: Those of them that the setting `tables` leaves out.
        not_asked: Tables that are asked for only by their names.
        record_types: Those whose documents can be read; none where only some tables are listed,
            None where NetSuite does not tell them.
    """

    found: Discovery
    rows: Rows
    withheld: Mapping[str, Sequence[Refused]]
    own: tuple[str, ...]
    selected: tuple[str, ...]
    left_out: tuple[str, ...]
    not_asked: tuple[str, ...]
    record_types: tuple[ListedType, ...] | None = ()


def is_of_all(asked: Sequence[str]) -> bool:
    """Whether all that there is is asked for."""
    return not asked or "*" in asked


def listing(
    found: Discovery,
    rows: Rows,
    asked: Sequence[str],
    setting: Sequence[str],
    own: Sequence[str] = (),
) -> Listing:
    """What a command lists.

    Args:
        found: What NetSuite told.
        rows: Counts, as far as there are any.
        asked: What the user asked for: nothing, or `*`, is all that there is, of which is offered
            what is read by default, and what is named; nothing where the settings want no tables.
        setting: The setting `tables`.
        own: The streams of record types and queries, as `select` takes them.
    """
    named = named_tables((*asked, *setting))
    is_all = is_of_all(asked)
    elsewhere = {name for table in found.tables for name in table.column_names}
    if not is_all:  # Tables that were not asked for may have them.
        elsewhere |= {refused.column.name for each in found.readable for refused in each.refused}
    selected = tuple(
        table.name
        for table in found.tables
        if not is_all
        or (setting and table.group in {Group.CORE, Group.CUSTOM})
        or table.name in named
    )
    known = {*(table.name for table in found.tables), *(u.table.name for u in found.unreadable)}
    system = (name for name, t in shipped_tables().items() if t.group is Group.SYSTEM)
    return Listing(
        found,
        rows,
        {each.table.name: withheld(each.refused, elsewhere) for each in found.readable},
        tuple(own),
        selected,
        tuple(name for name in selected if not fits(name, setting)),
        tuple(name for name in system if name not in known) if is_all else (),
    )


def count_tables(tables: Collection[Table], fetch: Fetch, workers: Workers) -> Rows:
    """Asks how many rows the tables have, each in one request.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    asked = {
        workers.submit(partial(count_rows, table, select_count(table), fetch)): table.name
        for table in tables
    }
    rows: dict[str, int | None] = {table.name: None for table in tables}
    waiting = set(asked)
    while waiting:
        done, waiting = wait(waiting, COUNTING_SECONDS, FIRST_COMPLETED)
        if not done:
            names = ", ".join(sorted(asked[answer] for answer in waiting))
            logger.warning("The rows of these tables take long to count: %s.", names)
            for answer in waiting:
                answer.cancel()
            break
        for answer in done:
            rows[asked[answer]] = answer.result()
    return rows


def is_custom_column(column: Column) -> bool:
    """Whether it is a column that the account added."""
    return column.source is Source.CUSTOM_FIELD or is_custom(column.name)

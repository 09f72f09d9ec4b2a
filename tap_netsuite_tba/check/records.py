"""The record types that the settings name: one record of each is opened, as a run would."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.discovery.words import names_unknown_table
from tap_netsuite_tba.explanations import Cause, cause, cause_of_unread, permissions
from tap_netsuite_tba.netsuite.client import Client
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query, Resource
from tap_netsuite_tba.netsuite.records import is_refused
from tap_netsuite_tba.netsuite.suiteql import expressions, select_rows
from tap_netsuite_tba.record_ids import is_known, ways_to_ids
from tap_netsuite_tba.tables import Table

MOST_TYPES = 10
"""So many record types are tried; where many are named, few of them tell enough."""

_MOST_RECORDS = 3
"""So many records are opened where the newest is one that refuses by itself."""

_OF_ONE_RECORD = frozenset(
    {"unread_administrator", "unread_fails", "unread_locked", "unread_refused"}
)
"""Causes that say nothing of other records of the type."""


@dataclass(frozen=True)
class Opened:
    """What came of opening a record of a type.

    Attributes:
        record_type: Its name.
        cause: Why no record of the type can be read; None if one could, or if it is not known.
        untold: Why it is not known, a sentence; empty if it is.
    """

    record_type: str
    cause: Cause | None = None
    untold: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether NetSuite gave a record."""
        return not (self.cause or self.untold)


def open_records(case: Case) -> list[Opened]:
    """Opens a record of each type that the settings name, of the first ten.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    names = case.settings.records[:MOST_TYPES]
    begun = [case.workers.submit(partial(_opened, name, case.client)) for name in names]
    return [each.result() for each in begun]


def _opened(name: str, client: Client) -> Opened:
    try:
        keys = _newest(name, client.fetch)
    except NetSuiteError as error:
        if is_refusal(error):
            is_none = names_unknown_table(error.detail)
            found = cause("record_unknown" if is_none else "record_hidden")
            return Opened(name, _of_type(name, found, error))
        if is_unanswerable(error):
            return Opened(name, untold=said_by(error))
        raise
    untold = "SuiteQL shows no record of it, so nothing tells whether one can be read."
    for key in keys:
        path = f"/services/rest/record/v1/{quote(name, safe='')}/{key}"
        try:
            client.get(
                Resource(path, "application/json", name, patience=SHORT_PATIENCE, is_optional=True)
            )
        except NetSuiteError as error:
            if not (is_refused(error) or is_unanswerable(error)):
                raise
            found = cause_of_unread(f"HTTP {error.status} {error.code} {error.detail}")
            if found.key not in _OF_ONE_RECORD:
                return Opened(name, _of_type(name, found, error))
            untold = f"{said_by(error)} {found.cause}"
        else:
            return Opened(name)
    return Opened(name, untold=untold)


def _newest(name: str, fetch: Fetch) -> Sequence[int]:
    """The ids of the newest records of a type, by the first way to them that shows any.

    Raises:
        RequestRefused: NetSuite takes none of the ways.
        NetSuiteError: NetSuite could not be asked.
    """
    is_there = False
    refused: NetSuiteError | None = None
    for way in ways_to_ids(name):
        try:
            keys = _keys(way, fetch)
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            refused = refused or error
            continue
        if keys:
            return keys
        # That no transaction is of a type that nothing tells of proves no such type.
        is_there = is_there or is_known(name) or not way.only
    if refused and not is_there:
        raise refused
    return ()


def _keys(ids: Table, fetch: Fetch) -> Sequence[int]:
    columns = tuple(column for column in ids.columns if column.name in ids.key)
    text = select_rows(ids, columns, descending=True)
    page = fetch(Query(text, _MOST_RECORDS, ids.name, patience=SHORT_PATIENCE, is_optional=True))
    rows = RowDecoder(ids.name, columns, ids.key, expressions(columns)).decode(page.items)
    return [row[ids.key[0]] for row in rows]


def _of_type(name: str, found: Cause, error: NetSuiteError) -> Cause:
    """The cause with the name of the type, NetSuite's words, and the permissions to give."""
    opening = [each.path for each in permissions() if name in (*each.records, *each.tables)]
    opening = opening or [*ways_to_ids(name)[0].permissions]
    named = f" The permission: {' or '.join(opening)}." if opening else ""
    said = f"{said_by(error).rstrip('.')}."
    return replace(found, cause=f"{name}: {found.cause} {said}", remedy=f"{found.remedy}{named}")

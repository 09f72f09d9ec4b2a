"""Single records of the record service, whole: with all their sublists and subrecords."""

import logging
from collections import Counter
from functools import partial
from urllib.parse import quote

from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    RequestRefused,
    RetriesExhausted,
    TimedOut,
    said_by,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Document, Get, Resource
from tap_netsuite_tba.netsuite.record_parts import Parts

logger = logging.getLogger(__name__)

_PATH = "/services/rest/record/v1"
_JSON = "application/json"

FIRST_PATIENCE = 3.0
"""Seconds for which NetSuite's faults at one record are borne before it is asked for another."""

LONGEST_TROUBLE = 120.0
"""Seconds for which other trouble is borne that may be of one record, such as a gateway's."""

MAX_READINGS = 3
"""So often a record is read that changes while its parts are."""

MAX_FAILED = 20
"""At so many records NetSuite may fail before any could be read."""


class RecordService:
    """Reads the records of one account; may be used by many threads.

    Args:
        get: Gets a document.
    """

    def __init__(self, get: Get) -> None:
        self._get = get
        self._readable: dict[str, int] = {}
        self._failed: Counter[str] = Counter()

    def read(self, record_type: str, key: int) -> Document:
        """A record with everything that belongs to it, and with its links.

        Args:
            record_type: As it stands in addresses, such as `salesorder`.
            key: Its internal id.

        Raises:
            RequestRefused: NetSuite refuses the record, or fails at it though it answers others;
                or it refuses the login: `is_refused` tells.
            NetSuiteError: NetSuite could not be asked.
        """
        try:
            document = self._whole(record_type, key, FIRST_PATIENCE)
        except NetSuiteError as error:
            if not _may_be_of_record(error):
                raise
            document = self._read_again(record_type, key, error)
        self._readable[record_type] = key
        return document

    def _read_again(self, record_type: str, key: int, failed: NetSuiteError) -> Document:
        """A record at which NetSuite failed: its own fault only if others are read meanwhile.

        So an outage, in which all fail, is waited out.
        """
        logger.info("%s It is asked again once another record was read.", said_by(failed))
        self._wait_for_another(record_type)
        try:
            return self._whole(record_type, key, SHORT_PATIENCE)
        except NetSuiteError as error:
            self._failed[record_type] += 1
            is_of_all = record_type not in self._readable and self._failed[record_type] > MAX_FAILED
            if is_of_all or not _may_be_of_record(error):
                raise
            raise _refusal(error) from error

    def _wait_for_another(self, record_type: str) -> None:
        """Asks, with all patience, for a record that was read before, or for the list of all."""
        known = self._readable.get(record_type)
        path = _address(record_type) + ("?limit=1" if known is None else f"/{known}")
        try:
            self._get(Resource(path, _JSON, table=_name(record_type)))
        except RequestRefused as error:
            if not is_refused(error):
                raise

    def _whole(self, record_type: str, key: int, patience: float) -> Document:
        """A record whose parts are all of one moment, as far as that can be had.

        Most are one document. If parts were asked for, the record may have changed since; it did
        not if its document is still the same.
        """
        ask = partial(self._ask, record_type, patience)
        address = f"{_address(record_type)}/{key}"
        expanded = f"{address}?expandSubResources=true"
        first = ask(expanded)
        for reading in range(1, MAX_READINGS + 1):
            parts = Parts(ask, address)
            try:
                whole = parts.completed(first)
            except (MalformedResponse, RequestRefused) as error:
                if reading == MAX_READINGS or isinstance(error, LoginRefused):
                    raise
                first = ask(expanded)  # Its parts may be gone, or moved, or itself.
                continue
            again = ask(expanded) if parts.asked else first
            if again == first:
                return whole
            first = again
        logger.warning(
            "%s %s changed each time its parts were read, so they may be of different moments; "
            "it is read again when it changes next.",
            _name(record_type),
            key,
        )
        return whole

    def _ask(self, record_type: str, patience: float, path: str) -> Document:
        name = _name(record_type)
        return self._get(
            Resource(
                path,
                _JSON,
                table=name,
                patience=patience,
                is_optional=True,
                longest=LONGEST_TROUBLE,
            )
        )


def is_refused(error: BaseException) -> bool:
    """Whether it is of one record only: locked, forbidden, gone or broken. Not of the login."""
    return isinstance(error, RequestRefused) and not isinstance(error, LoginRefused)


def _may_be_of_record(error: NetSuiteError) -> bool:
    """Whether NetSuite may fail so at one record, and not at others."""
    return isinstance(error, (RetriesExhausted, TimedOut, MalformedResponse))


def _refusal(error: NetSuiteError) -> RequestRefused:
    """The same as NetSuite's last word on a record."""
    refusal = RequestRefused(
        error.detail,
        status=error.status,
        code=error.code,
        path=error.path,
        request_id=error.request_id,
        table=error.table,
    )
    refusal.at = error.at
    return refusal


def _address(record_type: str) -> str:
    return f"{_PATH}/{quote(record_type, safe='')}"


def _name(record_type: str) -> str:
    """What the stream of such records is called, in messages and in what requests are counted."""
    return f"record_{record_type}"

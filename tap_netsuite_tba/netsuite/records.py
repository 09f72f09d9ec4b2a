"""Single records of the record service, whole: with all their sublists and subrecords."""

import logging
import threading
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
    said_by,
)
from tap_netsuite_tba.netsuite.lacking_parts import LackingParts, Others, Shown
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Document, Get, Resource
from tap_netsuite_tba.netsuite.record_documents import moment, record_at
from tap_netsuite_tba.netsuite.record_parts import Ask, Parts, refusal

logger = logging.getLogger(__name__)

_PATH = "/services/rest/record/v1"
_JSON = "application/json"

FIRST_PATIENCE = 3.0
"""Seconds for which trouble is borne at one record before NetSuite is asked for another."""

MAX_READINGS = 3
"""So often a record is read that changes while its parts are."""

MAX_OUTAGES = 20
"""So often an outage may begin anew while one record is read."""

MAX_FAILED = 20
"""NetSuite fails at a type, and at no record, if it does at so many before any could be read."""


class RecordService:
    """Reads the records of one account; may be used by many threads.

    Args:
        get: Gets a document.
    """

    def __init__(self, get: Get) -> None:
        self._get = get
        self._types: dict[tuple[str, frozenset[str]], _Records] = {}
        self._noting = threading.Lock()

    def read(
        self,
        record_type: str,
        key: int,
        others: Others = tuple,
        unwanted: frozenset[str] = frozenset(),
    ) -> Document:
        """A record with everything that belongs to it, and with its links.

        It is refused if a part of it is, for it would not be whole. But a part that none of some
        others of the type has is left out of all, with a warning.

        Args:
            record_type: As it stands in addresses, such as `salesorder`.
            key: Its internal id.
            others: Tells the ids of others; asked if parts of this one are wanting.
            unwanted: The names of fields and parts to do without, lower case: of these nothing is
                asked for beyond the document itself.

        Raises:
            RequestRefused: NetSuite refuses the record, or fails at it though it answers others;
                or it refuses the login: `is_refused` tells.
            NetSuiteError: NetSuite could not be asked, or fails at all records of the type.
            CountMismatch: A part is given that was left out of other records.
        """
        with self._noting:
            kind = record_type, unwanted
            if kind not in self._types:
                self._types[kind] = _Records(self._get, record_type, unwanted)
        return self._types[kind].read(key, others)


@dataclass(frozen=True)
class _Attempt:
    """What came of asking for a record: the record, or how NetSuite failed at it."""

    outcome: Shown | NetSuiteError

    @property
    def fault(self) -> NetSuiteError | None:
        """How NetSuite failed at the record, or at a part of it."""
        if isinstance(self.outcome, NetSuiteError):
            return self.outcome
        failed = self.outcome.parts.failed.values()
        return next((each for each in failed if not is_refused(each)), None)


class _Records:
    """The records of one type."""

    def __init__(self, get: Get, record_type: str, unwanted: frozenset[str]) -> None:
        self._get = get
        self._unwanted = unwanted
        self._address = f"{_PATH}/{quote(record_type, safe='')}"
        self._name = f"record_{record_type}"  # As their stream is called.
        self._lacking = LackingParts(self._name)
        self._readable: int | None = None
        self._failed = 0
        self._is_changing = False
        self._short: set[str] = set()
        self._noting = threading.Lock()

    def read(self, key: int, others: Others) -> Document:
        shown = self._shown(key)
        self._lacking.check(key, shown, self._seen, others)
        self._tell_of_short(key, shown.parts)
        return shown.document

    def _seen(self, key: int) -> Shown | None:
        """Another record; None if it cannot be read."""
        try:
            return self._shown(key)
        except NetSuiteError as error:
            if not is_refused(error):
                raise
            return None

    def _shown(self, key: int) -> Shown:
        """A record as far as NetSuite shows it."""
        attempt = self._attempt(key, FIRST_PATIENCE)
        if attempt.fault:
            attempt = self._attempt_again(key, attempt.fault)
        if isinstance(attempt.outcome, NetSuiteError):
            raise self._verdict(attempt.outcome)
        if attempt.fault:
            raise self._verdict(attempt.fault)
        self._readable = key
        return attempt.outcome

    def _attempt_again(self, key: int, fault: NetSuiteError) -> _Attempt:
        """A record at which NetSuite failed: its own fault only if others are read meanwhile.

        So an outage, in which all fail, is waited out.
        """
        logger.info("%s It is asked again once another record was read.", said_by(fault))
        for _ in range(MAX_OUTAGES):
            self._ask_another()
            attempt = self._attempt(key, SHORT_PATIENCE)
            if not attempt.fault or self._answers():
                return attempt
            fault = attempt.fault
        raise fault

    def _answers(self) -> bool:
        """Whether NetSuite answers just now; asked once."""
        try:
            self._ask_another(patience=0.0, longest=0.0, is_optional=True)
        except NetSuiteError as error:
            if not _may_be_of_record(error):
                raise
            return False
        return True

    def _ask_another(self, **patience: Any) -> None:  # noqa: ANN401 - of Resource
        """Asks for a record that was read before, or the list of all; with all patience if none."""
        known = self._readable
        path = self._address + ("?limit=1" if known is None else f"/{known}")
        try:
            self._get(Resource(path, _JSON, table=self._name, **patience))
        except RequestRefused as error:
            if not is_refused(error):
                raise

    def _attempt(self, key: int, patience: float) -> _Attempt:
        def ask(path: str) -> Document:
            return self._get(
                Resource(
                    path,
                    _JSON,
                    table=self._name,
                    patience=patience,
                    is_optional=True,
                    longest=patience,
                )
            )

        try:
            return _Attempt(self._whole(key, ask))
        except NetSuiteError as error:
            if not _may_be_of_record(error):
                raise
            return _Attempt(error)

    def _whole(self, key: int, ask: Ask) -> Shown:
        """A record whose parts are all of one moment, as far as that can be had.

        Most are one document. If parts were asked for, the record may have changed since; it did
        not if its document is still the same.
        """
        address = f"{self._address}/{key}"
        read = partial(self._wanted, ask, address, key)
        first = read()
        for reading in range(1, MAX_READINGS + 1):
            parts = Parts(ask, address)
            try:
                whole = parts.completed(first)
            except MalformedResponse as error:
                if reading == MAX_READINGS:
                    raise refusal(error, error.detail) from error
                first = read()  # Its parts may be gone, or moved, or itself.
                continue
            again = read() if parts.asked else first
            if moment(again) == moment(first):
                break
            first = again
        else:
            self._tell_of_changes(key)
        return Shown(whole, parts)

    def _wanted(self, ask: Ask, address: str, key: int) -> Document:
        """A record as it comes first, without what is not wanted."""
        document = record_at(ask, address, key)
        if not self._unwanted:
            return document
        return {n: each for n, each in document.items() if n.lower() not in self._unwanted}

    def _tell_of_changes(self, key: int) -> None:
        with self._noting:
            is_told, self._is_changing = self._is_changing, True
        if not is_told:
            logger.warning(
                "%s %s changed each time its parts were read, so they may be of different moments; "
                "it is read again when it changes next. Of others like it nothing is said.",
                self._name,
                key,
            )

    def _tell_of_short(self, key: int, parts: Parts) -> None:
        with self._noting:
            told = parts.short.keys() - self._short
            self._short |= told
        for part in sorted(told):
            logger.warning(
                "The part %s of %s %s comes with %s, and says nowhere that more follow: see in "
                "NetSuite whether lines are missing. Of others like it nothing is said.",
                part,
                self._name,
                key,
                parts.short[part],
            )

    def _verdict(self, fault: NetSuiteError) -> NetSuiteError:
        """Whose fault it is that NetSuite failed at a record, though it answers: the type's?"""
        with self._noting:
            self._failed += 1
            failed = self._failed
        if self._readable is not None or failed < MAX_FAILED:
            return refusal(fault, fault.detail)
        told = ServerFault(
            f"it fails at all records of this type, {failed} in a row, though it answers else: "
            f"{fault.detail}",
            status=fault.status,
            code=fault.code,
            request_id=fault.request_id,
            table=fault.table,
        )
        told.at = fault.at
        return told


def is_refused(error: BaseException) -> bool:
    """Whether it is of one record only: locked, forbidden, gone or broken. Not of the login."""
    return isinstance(error, RequestRefused) and not isinstance(error, LoginRefused)


def _may_be_of_record(error: NetSuiteError) -> bool:
    """Whether NetSuite may fail so at one record, and not at others."""
    if isinstance(error, RetriesExhausted):
        return not isinstance(error.last, ConcurrencyLimitExceeded)
    return isinstance(error, (TimedOut, MalformedResponse))

"""Single records of the record service, whole: with all their sublists and subrecords."""

import logging
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from tap_netsuite_tba.errors import CountMismatch
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
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Document, Get, Resource
from tap_netsuite_tba.netsuite.record_parts import Ask, Parts, refusal

logger = logging.getLogger(__name__)

_PATH = "/services/rest/record/v1"
_JSON = "application/json"
_LINKS = "links"
_OK = 200
_NUMBER = re.compile(r"-?[0-9]+")
_MODIFIED = {"lastmodifieddate", "lastmodified"}
"""The fields that tell when a record was changed; custom records have the second."""

FIRST_PATIENCE = 3.0
"""Seconds for which trouble is borne at one record before NetSuite is asked for another."""

MAX_READINGS = 3
"""So often a record is read that changes while its parts are."""

MAX_OUTAGES = 20
"""So often an outage may begin anew while one record is read."""

REFUSALS_OF_PART = 20
"""So many records are refused for a part before it is believed that none of their type has it."""

MAX_FAILED = 20
"""NetSuite fails at a type, and at no record, if it does at so many before any could be read."""


@dataclass(frozen=True)
class _Attempt:
    """What came of asking for a record.

    Attributes:
        outcome: The record, or how NetSuite failed at it.
        left_out: The parts that NetSuite refused or failed at, by their names.
        given: The names of the parts that were asked for and given.
    """

    outcome: Document | NetSuiteError
    left_out: Mapping[str, NetSuiteError] = field(default_factory=dict)
    given: Collection[str] = ()

    @property
    def fault(self) -> NetSuiteError | None:
        """How NetSuite failed at the record, or at a part of it."""
        if isinstance(self.outcome, NetSuiteError):
            return self.outcome
        return next((each for each in self.left_out.values() if not is_refused(each)), None)


class RecordService:
    """Reads the records of one account; may be used by many threads.

    A record is refused if a part of it is, for it would not be whole. But a part that so many
    records are refused for, while none has it, is left out of all others, with a warning.

    Args:
        get: Gets a document.
    """

    def __init__(self, get: Get) -> None:
        self._get = get
        self._readable: dict[str, int] = {}
        self._failed: Counter[str] = Counter()
        self._given: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        self._refused: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._told: set[tuple[str, str]] = set()
        self._changing: set[str] = set()
        self._telling = threading.Lock()

    def read(self, record_type: str, key: int) -> Document:
        """A record with everything that belongs to it, and with its links.

        Args:
            record_type: As it stands in addresses, such as `salesorder`.
            key: Its internal id.

        Raises:
            RequestRefused: NetSuite refuses the record, or fails at it though it answers others;
                or it refuses the login: `is_refused` tells.
            NetSuiteError: NetSuite could not be asked, or fails at all records of the type.
            CountMismatch: A part is given that was left out of other records.
        """
        attempt = self._attempt(record_type, key, FIRST_PATIENCE)
        if attempt.fault:
            attempt = self._attempt_again(record_type, key, attempt.fault)
        if isinstance(attempt.outcome, NetSuiteError):
            raise self._verdict(record_type, attempt.outcome)
        if attempt.fault:
            raise self._verdict(record_type, attempt.fault)
        self._judge_parts(record_type, key, attempt)
        self._readable[record_type] = key
        return attempt.outcome

    def _attempt_again(self, record_type: str, key: int, fault: NetSuiteError) -> _Attempt:
        """A record at which NetSuite failed: its own fault only if others are read meanwhile.

        So an outage, in which all fail, is waited out.
        """
        logger.info("%s It is asked again once another record was read.", said_by(fault))
        for _ in range(MAX_OUTAGES):
            self._ask_another(record_type)
            attempt = self._attempt(record_type, key, SHORT_PATIENCE)
            if not attempt.fault or self._answers(record_type):
                return attempt
            fault = attempt.fault
        raise fault

    def _answers(self, record_type: str) -> bool:
        """Whether NetSuite answers just now; asked once."""
        try:
            self._ask_another(record_type, patience=0.0, longest=0.0, is_optional=True)
        except NetSuiteError as error:
            if not _may_be_of_record(error):
                raise
            return False
        return True

    def _ask_another(self, record_type: str, **patience: Any) -> None:  # noqa: ANN401 - of Resource
        """Asks for a record that was read before, or the list of all; with all patience if none."""
        known = self._readable.get(record_type)
        path = _address(record_type) + ("?limit=1" if known is None else f"/{known}")
        try:
            self._get(Resource(path, _JSON, table=_name(record_type), **patience))
        except RequestRefused as error:
            if not is_refused(error):
                raise

    def _attempt(self, record_type: str, key: int, patience: float) -> _Attempt:
        try:
            return self._whole(record_type, key, patience)
        except NetSuiteError as error:
            if not _may_be_of_record(error):
                raise
            return _Attempt(error)

    def _whole(self, record_type: str, key: int, patience: float) -> _Attempt:
        """A record whose parts are all of one moment, as far as that can be had; and what failed.

        Most are one document. If parts were asked for, the record may have changed since; it did
        not if its document is still the same.
        """
        ask = partial(self._ask, record_type, patience)
        address = f"{_address(record_type)}/{key}"
        read = partial(_record, ask, address, key)
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
            if _moment(again) == _moment(first):
                break
            first = again
        else:
            self._tell_of_changes(record_type, key)
        return _Attempt(whole, parts.failed, parts.given)

    def _tell_of_changes(self, record_type: str, key: int) -> None:
        with self._telling:
            is_told = record_type in self._changing
            self._changing.add(record_type)
        if not is_told:
            logger.warning(
                "%s %s changed each time its parts were read, so they may be of different moments; "
                "it is read again when it changes next. Of others like it nothing is said.",
                _name(record_type),
                key,
            )

    def _judge_parts(self, record_type: str, key: int, attempt: _Attempt) -> None:
        """Whether a record goes out, although NetSuite refused parts of it."""
        with self._telling:
            given = self._given[record_type] = self._given[record_type].union(attempt.given)
            refused = self._refused[record_type]
            for part in attempt.left_out:
                if len(refused[part]) <= REFUSALS_OF_PART:
                    refused[part].add(key)
            late = [part for part in given if len(refused.pop(part, ())) > REFUSALS_OF_PART]
            lacked_by_all = {n for n, keys in refused.items() if len(keys) > REFUSALS_OF_PART}
        if late:
            raise CountMismatch(
                f"Records of {_name(record_type)} were read without their {', '.join(late)}, which "
                f"NetSuite refused of each, and now it gives it.",
                table=_name(record_type),
            )
        for part, error in attempt.left_out.items():
            if part not in lacked_by_all:
                raise refusal(error, f"the part {part} is refused: {error.detail}")
            self._tell_of_part(record_type, part, error)

    def _tell_of_part(self, record_type: str, part: str, error: NetSuiteError) -> None:
        with self._telling:
            is_told = (record_type, part) in self._told
            self._told.add((record_type, part))
        if not is_told:
            logger.warning(
                "NetSuite does not give the part %s of %s, so documents come without it. %s If it "
                "is wanted, allow the role what the part shows (in a browser, as this role, it "
                "must be there on the record), and read the stream anew.",
                part,
                _name(record_type),
                said_by(error),
            )

    def _verdict(self, record_type: str, fault: NetSuiteError) -> NetSuiteError:
        """Whose fault it is that NetSuite failed at a record, though it answers: the type's?"""
        with self._telling:
            self._failed[record_type] += 1
            failed = self._failed[record_type]
        if record_type in self._readable or failed < MAX_FAILED:
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

    def _ask(self, record_type: str, patience: float, path: str) -> Document:
        name = _name(record_type)
        return self._get(
            Resource(
                path,
                _JSON,
                table=name,
                patience=patience,
                is_optional=True,
                longest=patience,
            )
        )


def is_refused(error: BaseException) -> bool:
    """Whether it is of one record only: locked, forbidden, gone or broken. Not of the login."""
    return isinstance(error, RequestRefused) and not isinstance(error, LoginRefused)


def _may_be_of_record(error: NetSuiteError) -> bool:
    """Whether NetSuite may fail so at one record, and not at others."""
    if isinstance(error, RetriesExhausted):
        return not isinstance(error.last, ConcurrencyLimitExceeded)
    return isinstance(error, (TimedOut, MalformedResponse))


def _record(ask: Ask, address: str, key: int) -> Document:
    """A record as it comes first.

    Raises:
        MalformedResponse: What comes is not this record.
    """
    document = ask(f"{address}?expandSubResources=true")
    if other := _mistaken(document, key):
        raise MalformedResponse(other, status=_OK)
    return document


def _mistaken(document: Document, key: int) -> str | None:
    """Why a document is not the record of a key; None if it may be."""
    if not document.keys() - {_LINKS}:
        return "a document without a field of the record came"
    told = str(document.get("id"))
    is_other = _NUMBER.fullmatch(told) and int(told) != key
    return f"the record {told} came in place of {key}" if is_other else None


def _moment(document: Document) -> object:
    """What is the same in two documents of one record if it was not changed between them.

    Other fields may be computed anew whenever they are asked for.
    """
    modified = {name: each for name, each in document.items() if name.lower() in _MODIFIED}
    parts = {name: each for name, each in document.items() if isinstance(each, (dict, list))}
    return modified or parts


def _address(record_type: str) -> str:
    return f"{_PATH}/{quote(record_type, safe='')}"


def _name(record_type: str) -> str:
    """What the stream of such records is called, in messages and in what requests are counted."""
    return f"record_{record_type}"

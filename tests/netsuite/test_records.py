"""One record, whole, and what becomes of one that NetSuite does not give."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tap_netsuite_tba.netsuite.errors import (
    ClientClosed,
    ConnectionFailed,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Document, Resource
from tap_netsuite_tba.netsuite.records import (
    FIRST_PATIENCE,
    MAX_FAILED,
    MAX_OUTAGES,
    MAX_READINGS,
    RecordService,
    is_refused,
)

ROOT = "/services/rest/record/v1"
ORDER = f"{ROOT}/salesorder/5"
EXPANDED = f"{ORDER}?expandSubResources=true"

OWN_FAULT = RetriesExhausted(
    ServerFault("An unexpected error occurred.", status=500, code="UNEXPECTED_ERROR"), seconds=3
)


class Account:
    """Documents by their addresses, or the errors that come instead, one after another.

    Attributes:
        asked: All that was asked for.
    """

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self.asked: list[Resource] = []

    def get(self, resource: Resource) -> Document:
        self.asked.append(resource)
        answer = self._answers[resource.path]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer

    def read(self) -> Document:
        return RecordService(self.get).read("salesorder", 5)

    @property
    def paths(self) -> list[str]:
        return [resource.path for resource in self.asked]


def test_most_records_are_one_request() -> None:
    document = {"id": "5", "total": Decimal("1.10"), "item": {"items": [], "totalResults": 0}}
    account = Account({EXPANDED: document})
    assert account.read() == document
    [asked] = account.asked
    assert (asked.path, asked.table) == (EXPANDED, "record_salesorder")
    assert asked.is_optional


def test_a_type_and_a_negative_id_stand_in_the_address() -> None:
    path = f"{ROOT}/customrecord_%C3%A4/-3?expandSubResources=true"
    assert RecordService(Account({path: {"id": "-3"}}).get).read("customrecord_ä", -3)


@pytest.mark.parametrize(
    "error",
    [
        RequestRefused("locked", status=400, code="USER_ERROR"),
        PermissionDenied("no", status=403),
        NotFound("no such record", status=404),
        RequestRefused("language", status=400, code="INVALID_HEADER", path="Accept-Language"),
        RequestRefused("method", status=405, code="INVALID_METHOD"),
    ],
)
def test_a_refusal_is_of_the_record_and_is_asked_for_once(error: RequestRefused) -> None:
    account = Account({EXPANDED: error})
    with pytest.raises(RequestRefused) as raised:
        account.read()
    assert raised.value is error
    assert is_refused(raised.value)
    assert len(account.asked) == 1


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("Invalid login attempt.", status=401),
        ClientClosed(),
        ConnectionFailed("no such host"),
    ],
)
def test_trouble_of_the_account_is_of_no_record(error: NetSuiteError) -> None:
    with pytest.raises(type(error)) as raised:
        Account({EXPANDED: error}).read()
    assert raised.value is error
    assert not is_refused(raised.value)


WITNESSES: dict[str, Any] = {
    "the list": {"items": []},
    "a refusal": RequestRefused("cannot be listed", status=405),
}


@pytest.mark.parametrize(
    "fault",
    [
        OWN_FAULT,
        TimedOut("not a byte for 300 s"),
        RetriesExhausted(ServerFault("gateway", status=502), seconds=120),
        RetriesExhausted(ConnectionFailed("reset"), seconds=120),
    ],
)
@pytest.mark.parametrize("witness", WITNESSES)
def test_a_fault_that_comes_again_once_netsuite_has_answered_is_of_the_record(
    fault: NetSuiteError, witness: str
) -> None:
    listed = f"{ROOT}/salesorder?limit=1"
    fault.at = datetime(2026, 2, 3, tzinfo=UTC)
    account = Account({EXPANDED: fault, listed: WITNESSES[witness]})
    with pytest.raises(RequestRefused) as raised:
        account.read()
    assert is_refused(raised.value)
    refusal = raised.value
    assert (refusal.detail, refusal.status, refusal.code, refusal.at) == (
        fault.detail,
        fault.status,
        fault.code,
        fault.at,
    )
    assert account.paths == [EXPANDED, listed, EXPANDED, listed]
    first, waited, last, once = account.asked
    assert (first.patience, first.longest) == (FIRST_PATIENCE, FIRST_PATIENCE)
    # An outage is waited out as long as any.
    assert (waited.patience, waited.longest, waited.is_optional) == (None, None, False)
    # A gateway's trouble is of the record no later than NetSuite's own.
    assert (last.patience, last.longest) == (SHORT_PATIENCE, SHORT_PATIENCE)
    assert (once.patience, once.longest, once.is_optional) == (0, 0, True)


LOGIN_REFUSED = LoginRefused("Invalid login attempt.", status=401)
LISTED = f"{ROOT}/salesorder?limit=1"
NOTE = f"{ORDER}/note?expandSubResources=true"
NOTE_LINKS = [{"rel": "self", "href": f"https://1.example{ORDER}/note"}]
WITH_NOTE = {"id": "5", "note": {"links": NOTE_LINKS}}

LOGINS_LOST: dict[str, tuple[dict[str, Any], list[str]]] = {
    "by the witness": (
        {EXPANDED: OWN_FAULT, LISTED: LOGIN_REFUSED},
        [EXPANDED, LISTED],
    ),
    "by the last witness": (
        {EXPANDED: OWN_FAULT, LISTED: [{}, LOGIN_REFUSED]},
        [EXPANDED, LISTED, EXPANDED, LISTED],
    ),
    "at the second attempt": (
        {EXPANDED: [OWN_FAULT, LOGIN_REFUSED], LISTED: {}},
        [EXPANDED, LISTED, EXPANDED],
    ),
    "at a part": ({EXPANDED: WITH_NOTE, NOTE: LOGIN_REFUSED}, [EXPANDED, NOTE]),
}


@pytest.mark.parametrize(("answers", "asked"), LOGINS_LOST.values(), ids=LOGINS_LOST)
def test_a_refused_login_ends_all_and_is_tried_once(
    answers: dict[str, Any], asked: list[str]
) -> None:
    account = Account(answers)
    with pytest.raises(LoginRefused):
        account.read()
    assert account.paths == asked


def test_an_outage_that_begins_anew_is_waited_out_each_time() -> None:
    listed = [{}, OWN_FAULT, {}, OWN_FAULT, {}]
    account = Account({EXPANDED: [OWN_FAULT, OWN_FAULT, OWN_FAULT, {"id": "5"}], LISTED: listed})
    assert account.read() == {"id": "5"}
    again = [LISTED, EXPANDED]
    assert account.paths == [EXPANDED, *again, LISTED, *again, LISTED, *again]


def test_an_outage_that_begins_anew_for_ever_is_no_fault_of_a_record() -> None:
    account = Account({EXPANDED: OWN_FAULT, LISTED: [{}, OWN_FAULT] * MAX_OUTAGES})
    with pytest.raises(RetriesExhausted):
        account.read()


def test_a_fault_that_passes_is_of_nothing() -> None:
    account = Account({EXPANDED: [OWN_FAULT, {"id": "5"}], f"{ROOT}/salesorder?limit=1": {}})
    assert account.read() == {"id": "5"}


def test_an_outage_is_no_fault_of_a_record() -> None:
    account = Account({EXPANDED: OWN_FAULT, f"{ROOT}/salesorder?limit=1": OWN_FAULT})
    with pytest.raises(RetriesExhausted):
        account.read()


def test_netsuite_has_answered_when_a_record_comes_that_was_read_before() -> None:
    other = f"{ROOT}/salesorder/4"
    account = Account(
        {f"{other}?expandSubResources=true": {"id": "4"}, other: {"id": "4"}, EXPANDED: OWN_FAULT}
    )
    service = RecordService(account.get)
    service.read("salesorder", 4)
    with pytest.raises(RequestRefused):
        service.read("salesorder", 5)
    assert account.paths[1:] == [EXPANDED, other, EXPANDED, other]


def failing(count: int, *, readable: bool) -> Counter[type[Exception]]:
    """What becomes of so many records at which NetSuite fails."""

    def get(resource: Resource) -> Document:
        if "/1?" in resource.path or "limit" in resource.path or resource.path.endswith("/1"):
            return {"id": "1"}
        raise OWN_FAULT

    service = RecordService(get)
    if readable:
        service.read("salesorder", 1)
    met: Counter[type[Exception]] = Counter()
    for key in range(10, 10 + count):
        with pytest.raises(NetSuiteError) as raised:
            service.read("salesorder", key)
        met[raised.type] += 1
    return met


def test_where_netsuite_fails_at_all_records_it_is_the_fault_of_none() -> None:
    met = failing(MAX_FAILED + 3, readable=False)
    assert met == {RequestRefused: MAX_FAILED - 1, ServerFault: 4}


def test_that_netsuite_fails_at_all_records_is_said() -> None:
    service = RecordService(Account({EXPANDED: OWN_FAULT, LISTED: {}}).get)
    for _ in range(MAX_FAILED - 1):
        with pytest.raises(RequestRefused):
            service.read("salesorder", 5)
    with pytest.raises(ServerFault, match=f"of this type, {MAX_FAILED} in a row"):
        service.read("salesorder", 5)


def test_where_some_record_was_read_all_others_may_be_broken() -> None:
    assert failing(MAX_FAILED + 3, readable=True) == {RequestRefused: MAX_FAILED + 3}


def cut(version: int = 1) -> Document:
    """An order whose second line is on another page, and which says when it changed."""
    links = [{"rel": "self", "href": f"https://1.example{ORDER}/item"}]
    lines = [{"line": 1, "version": version}]
    return {
        "id": "5",
        "version": version,
        "lastModifiedDate": f"2026-01-0{version}T00:00:00Z",
        "item": {"links": links, "items": lines, "hasMore": True},
    }


REST = f"{ORDER}/item?limit=1000&offset=0&expandSubResources=true"


def rest(version: int = 1) -> Document:
    lines = [{"line": line, "version": version} for line in (1, 2)]
    return {"items": lines, "hasMore": False}


def versions(document: Document) -> set[int]:
    return {document["version"], *(line["version"] for line in document["item"]["items"])}


def test_a_record_that_changes_while_its_parts_are_read_is_read_again() -> None:
    account = Account({EXPANDED: [cut(1), cut(2)], REST: [rest(1), rest(2)]})
    assert versions(account.read()) == {2}
    assert account.paths == [EXPANDED, REST, EXPANDED, REST, EXPANDED]


def test_those_that_change_each_time_are_taken_as_they_are_and_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = RecordService(Account({EXPANDED: [cut(n) for n in range(9)], REST: rest(0)}).get)
    for _ in range(2):
        assert len(service.read("salesorder", 5)["item"]["items"]) == 2
    [told] = caplog.messages
    assert "record_salesorder 5 changed each time its parts were read" in told


UNCHANGED = {
    "the date says so": [{"lastModifiedDate": "2026-01-01", "lines": [n]} for n in range(9)],
    "that of custom records says so": [{"lastModified": "2026-01-01", "n": n} for n in range(9)],
    "without a date, the parts": [{"lines": [1], "age": n} for n in range(9)],
}


@pytest.mark.parametrize("documents", UNCHANGED.values(), ids=UNCHANGED)
def test_fields_that_are_computed_anew_each_time_are_no_change(
    documents: list[Document], caplog: pytest.LogCaptureFixture
) -> None:
    account = Account({EXPANDED: [each | WITH_NOTE for each in documents], NOTE: {"text": "x"}})
    assert account.read()["note"] == {"text": "x"}
    assert account.paths == [EXPANDED, NOTE, EXPANDED]
    assert not caplog.messages


@pytest.mark.parametrize(
    "error", [NotFound("gone", status=404), MalformedResponse("contradiction")]
)
def test_parts_that_cannot_be_had_any_more_make_it_be_read_again(error: NetSuiteError) -> None:
    whole = {"id": "5", "version": 2, "item": {"items": [{"line": 1, "version": 2}]}}
    account = Account({EXPANDED: [cut(), whole], REST: error})
    assert account.read() == whole


def test_a_later_page_that_is_refused_is_of_the_record_and_asked_for_once() -> None:
    account = Account({EXPANDED: cut(), REST: PermissionDenied("no", status=403)})
    with pytest.raises(RequestRefused, match="the rest of the part item is refused") as raised:
        account.read()
    assert is_refused(raised.value)
    assert account.paths == [EXPANDED, REST]


def test_a_login_that_is_refused_at_a_later_page_is_of_no_record() -> None:
    account = Account({EXPANDED: cut(), REST: LOGIN_REFUSED})
    with pytest.raises(LoginRefused):
        account.read()
    assert account.paths == [EXPANDED, REST]


def test_rows_that_are_counted_and_not_there_are_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counted = cut() | {"item": {"items": [{"line": 1}], "totalResults": 2}}
    behind = f"{ORDER}/item?limit=1&offset=1&expandSubResources=true"
    account = Account({EXPANDED: counted, REST: counted["item"], behind: {"items": []}})
    service = RecordService(account.get)
    for _ in range(2):
        assert len(service.read("salesorder", 5)["item"]["items"]) == 1
    [told] = caplog.messages
    assert (
        "part item of record_salesorder 5 comes with 1 rows, though NetSuite counts 1 more" in told
    )
    assert account.paths == [EXPANDED, REST, behind, EXPANDED] * 2


def test_of_what_is_not_wanted_nothing_more_is_asked() -> None:
    account = Account({EXPANDED: WITH_NOTE | {"ITEM": cut()["item"], "memo": "paid"}})
    unwanted = frozenset({"item", "note"})
    read = RecordService(account.get).read("salesorder", 5, unwanted=unwanted)
    assert read == {name: each for name, each in WITH_NOTE.items() if name != "note"} | {
        "memo": "paid"
    }
    assert account.paths == [EXPANDED]


def test_an_outage_at_a_part_is_waited_out() -> None:
    account = Account({EXPANDED: WITH_NOTE, NOTE: [OWN_FAULT, {"text": "x"}], LISTED: {}})
    assert account.read()["note"] == {"text": "x"}
    assert account.paths == [EXPANDED, NOTE, LISTED, EXPANDED, NOTE, EXPANDED]


def test_pages_that_contradict_each_other_are_of_the_record() -> None:
    endless = {"items": [], "hasMore": True}
    account = Account({EXPANDED: cut(), REST: endless})
    with pytest.raises(RequestRefused, match="contradict each other") as raised:
        account.read()
    assert is_refused(raised.value)
    assert account.paths == [EXPANDED, REST] * MAX_READINGS

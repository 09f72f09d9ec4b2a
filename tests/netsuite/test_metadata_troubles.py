"""The metadata catalog when it fails: what is waited out, and what is done without."""

import threading

import pytest

from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.metadata import CATALOG, RecordCatalog
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Document, Resource
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS, SessionPool
from tests.netsuite.conftest import Connect, Skipping, Time
from tests.netsuite.server import GATEWAY_PAGE, SHORT, TOO_MANY, Answer, Server, refusal
from tests.netsuite.test_metadata import FAULT, PATH, document, listing


@pytest.mark.parametrize(
    "trouble",
    [
        TOO_MANY,
        refusal(400, "CONCURRENCY_LIMIT_EXCEEDED"),
        FAULT,
        GATEWAY_PAGE,
        Answer(200, b"<html><title>Scheduled maintenance</title></html>"),
        Answer(204),
        Answer(400, b"<html></html>"),
        Answer(404, b"<html></html>"),
        listing("customer").cut(0),
        listing("customer").cut(20),
        document(["customer"]),
    ],
)
def test_temporary_trouble_is_waited_out_signed_anew(
    server: Server, connect: Connect, trouble: Answer
) -> None:
    server.script([trouble] * 2, then=listing("customer"))
    client = connect()
    assert RecordCatalog(client.get).names() == {"customer"}
    assert len({asked.oauth["oauth_nonce"] for asked in server.asked}) == 3
    assert (client.counts.requests, client.counts.retries) == (3, 2)


def test_a_schema_that_always_fails_is_refused_and_said_while_others_are_answered(
    server: Server, connect: Connect, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer_by(lambda asked: listing() if asked.target == PATH else FAULT)
    with pytest.raises(RequestRefused, match="customrecord_odd"):
        RecordCatalog(connect().get).schema("customrecord_odd")
    assert 5 < sum(time.slept) < 10
    assert f"({CATALOG}/customrecord_odd)" in caplog.messages[-1]


@pytest.mark.parametrize(
    "trouble",
    [
        GATEWAY_PAGE,
        Answer(200, b"<html><title>Sign in</title></html>"),
        Answer(503, b"<html></html>"),
        listing("customer").cut(20),
        document([]),
    ],
)
def test_so_is_one_for_which_something_else_answers(
    server: Server, connect: Connect, time: Time, trouble: Answer
) -> None:
    server.answer_by(lambda asked: listing() if asked.target == PATH else trouble)
    with pytest.raises(RequestRefused, match="customrecord_odd"):
        RecordCatalog(connect().get).schema("customrecord_odd")
    assert sum(time.slept) < 60


FAILED = RetriesExhausted(ServerFault("An error.", status=500, code="UNEXPECTED_ERROR"), seconds=10)
DENIED = PermissionDenied("You may not see the catalog.", status=403)


@pytest.mark.parametrize("of_list", [{"items": []}, DENIED, NotFound("It is not there.")])
def test_a_fault_of_a_schema_that_passes_is_waited_out_by_the_list(
    of_list: Document | NetSuiteError,
) -> None:
    answers = iter([FAILED, of_list, {"type": "object"}])
    assert RecordCatalog(lambda _: given(next(answers))).schema("customer") == {"type": "object"}


@pytest.mark.parametrize(
    "last", [FAILED.last, ConnectionFailed("reset"), MalformedResponse("HTML")], ids=repr
)
def test_a_catalog_that_stays_at_fault_is_trouble(last: NetSuiteError) -> None:
    with pytest.raises(RetriesExhausted):
        RecordCatalog(lambda _: given(RetriesExhausted(last, seconds=10))).schema("customer")


def test_a_schema_for_which_there_is_no_room_is_not_done_without() -> None:
    full = RetriesExhausted(ConcurrencyLimitExceeded("Blocked.", status=429), seconds=900)
    with pytest.raises(RetriesExhausted):
        RecordCatalog(lambda asked: given({"items": []} if asked.path == PATH else full)).schema(
            "customer"
        )


def given(answer: Document | NetSuiteError) -> Document:
    if isinstance(answer, NetSuiteError):
        raise answer
    return answer


@pytest.mark.parametrize(
    ("listed", "patience"), [({"items": []}, 3), (DENIED, 3), (FAILED, SHORT_PATIENCE)]
)
def test_where_the_catalog_answers_else_its_fault_at_a_schema_is_soon_that_of_the_schema(
    listed: Document | NetSuiteError, patience: float
) -> None:
    asked: list[Resource] = []

    def get(resource: Resource) -> Document:
        asked.append(resource)
        return given(listed if resource.path == PATH else FAILED)

    with pytest.raises(RequestRefused):
        RecordCatalog(get).schema("customer", wait_out=lambda: None)
    assert [resource.patience for resource in asked] == [3, 0, patience]


def test_a_schema_that_takes_too_long_is_asked_for_twice() -> None:
    asked: list[str] = []

    def get(resource: Resource) -> Document:
        asked.append(resource.path)
        if resource.path == PATH:
            return {"items": []}
        raise TimedOut("not a byte for 300 s", table=resource.table)

    with pytest.raises(RequestRefused, match="not a byte for 300 s"):
        RecordCatalog(get).schema("customer")
    assert asked == [f"{PATH}/customer", PATH, f"{PATH}/customer"]


def test_a_slow_list_is_asked_for_again_when_its_slot_is_cool(
    server: Server, connect: Connect, time: Time
) -> None:
    never = threading.Event()
    server.script([Answer(after=never)], then=listing("customer"))
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))
    began = time.now
    client = connect(sessions=pool, read_timeout=SHORT, retry_timeout=2 * COOLING_SECONDS)
    assert RecordCatalog(client.get).names() == {"customer"}
    assert time.now == began + COOLING_SECONDS
    never.set()

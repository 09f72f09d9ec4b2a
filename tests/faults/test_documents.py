"""Documents are read exactly, whatever goes wrong and whoever works meanwhile."""

from collections.abc import Iterator
from itertools import islice
from typing import Literal

import pytest

from tap_netsuite_tba.extraction import documents
from tap_netsuite_tba.netsuite import records
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.simulator.switches import Switches
from tests.faults.orders import TYPE, Read, chunks, client_of, ids, read_all, truth
from tests.faults.trouble import DEAR, PASSING, trouble
from tests.faults.users import Users

RECORDS = f"/record/v1/{TYPE}"
PIECE = 10
Way = Literal["next", "more", "total"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", min)
    monkeypatch.setattr(records, "FIRST_PATIENCE", 0.05)
    monkeypatch.setattr(records, "SHORT_PATIENCE", 0.05)
    monkeypatch.setattr(documents, "PIECE", PIECE)


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    """An account that nobody changes."""
    with Simulator(300) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    """The same, in which nothing refuses any more afterwards."""
    yield company
    company.faults.clear()
    company.records.release(TYPE, *ids(company))
    company.records.release(TYPE)


def test_one_request_in_eight_fails_in_every_way_and_no_document_is_lost_or_doubled(
    account: Simulator,
) -> None:
    cheap = [kind for kind in PASSING if kind not in DEAR]
    account.faults.add(*(trouble(kind, 1 / 8 / len(cheap)) for kind in cheap))
    account.faults.add(*(trouble(kind, 1, times=1) for kind in PASSING))
    with client_of(account) as client:
        read = read_all(client)
    assert read.unread == []
    assert read.once == truth(account)
    assert account.faults.dealt.total() >= len(read.once) / 8
    assert account.counters.peak_in_flight <= 5
    assert account.counters.over_limit == 0


def test_those_that_refuse_are_told_of_and_the_rest_goes_on(account: Simulator) -> None:
    locked, forbidden, broken = ids(account)[3], ids(account)[20], ids(account)[-1]
    account.records.lock(TYPE, locked)
    account.records.forbid(TYPE, forbidden)
    account.records.upset(TYPE, broken)
    with client_of(account) as client:
        read = read_all(client)
    left = truth(account)
    assert [each.key for each in read.unread] == [locked, forbidden, broken]
    assert [each.status for each in read.unread] == [400, 403, 500]
    for each in read.unread:
        del left[each.key]
        assert each.detail
        assert read.current.started
        assert read.current.started <= each.at
    assert read.once == left
    assert read.current.unread == 3
    assert read.current.rows == len(ids(account))


@pytest.mark.parametrize("kind", [FaultKind.BAD_GATEWAY, FaultKind.RESET])
def test_one_that_never_comes_whole_ends_no_reading(account: Simulator, kind: FaultKind) -> None:
    last = ids(account)[-1]
    account.faults.add(Fault(kind, path=f"{RECORDS}/{last}", times=None))
    with client_of(account) as client:
        read = read_all(client)
    assert [each.key for each in read.unread] == [last]
    assert read.documents.keys() == {*ids(account)} - {last}


def test_an_outage_of_the_record_service_is_no_fault_of_any_record(account: Simulator) -> None:
    outage = Fault(FaultKind.UNEXPECTED_ERROR, path=RECORDS, skip=30, times=60)
    account.faults.add(outage)
    with client_of(account) as client:
        read = read_all(client)
    assert account.faults.dealt[FaultKind.UNEXPECTED_ERROR] >= 60
    assert read.unread == []
    assert read.once == truth(account)


def test_a_reading_that_is_taken_up_reads_little_twice(account: Simulator) -> None:
    read, total = Read(), len(ids(account))
    asked = account.counters.requests
    with client_of(account) as client:
        for pieces in (2, 3, None):
            for chunk, current in islice(chunks(client, read.current), pieces):
                read.take(chunk, current)
    assert read.once == truth(account)
    again = account.counters.requests - asked - total
    # Of two kills: what was in flight or waited, and a page of ids each; and a count.
    assert again <= 2 * (2 * 14 + PIECE + 1) + 2


@pytest.mark.parametrize(
    ("transactions", "pieces"), [(150, 1), pytest.param(5_000, 20, marks=pytest.mark.long)]
)
def test_while_people_work_all_that_is_there_all_the_time_comes_once(
    seed: int, transactions: int, pieces: int
) -> None:
    with Simulator(transactions, seed) as account, client_of(account) as client:
        users = Users(account, seed)
        before, read = ids(account), Read()
        for number, (chunk, current) in enumerate(chunks(client)):
            read.take(chunk, current)
            if number % pieces == 0:
                users.work()
        after = set(ids(account))
        stable = [key for key in before if key in after]
        assert all(len(read.documents[key]) == 1 for key in stable)
        assert {each.key for each in read.unread}.isdisjoint(stable)
        now = truth(account)
        started = f"{read.current.started:%Y-%m-%dT%H:%M:%SZ}"
        # Lines may change without their order.
        edited = account.sql(
            "SELECT transaction FROM transactionline WHERE linelastmodifieddate >= ?",
            [started[:19]],
        )
        stale = {key for (key,) in edited}
        unchanged = [
            key for key in stable if now[key]["lastModifiedDate"] < started and key not in stale
        ]
        assert unchanged
        assert {key: read.once[key] for key in unchanged} == {key: now[key] for key in unchanged}


@pytest.mark.parametrize("way", ["next", "more", "total"])
def test_sublists_that_came_in_part_are_read_to_their_end(way: Way) -> None:
    with Simulator(100, switches=Switches(long_sublist=way)) as account:
        whole = truth(account)
        account.records.page_size = 1
        with client_of(account) as client:
            read = read_all(client)
        assert read.unread == []
        assert read.once == whole
        assert account.counters.requests > len(whole) + 10


@pytest.mark.long
def test_an_order_of_five_thousand_lines_comes_with_all_of_them() -> None:
    with Simulator(100) as account:
        longest = ids(account)[1]
        account.records.add_lines(longest, 5_000)
        with client_of(account) as client:
            read = read_all(client)
        assert len(read.once[longest]["item"]["items"]) > 5_000
        assert read.once == truth(account)

"""What becomes of records that lack a part, such as a sublist: others of their type tell."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    RequestRefused,
)
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.netsuite.records import MAX_FAILED, RecordService
from tests.netsuite.test_records import OWN_FAULT, ROOT

REFUSED = PermissionDenied("no", status=403, code="X")
ABSENT = NotFound("nothing there", status=404)
INLINE = {"text": "x"}
EMPTY: Document = {"items": [], "totalResults": 0}
LINKED = object()
"""A note that comes as a link, and is there."""

Notes = Callable[[int], Any]
"""The note of an order: LINKED, or an error if it comes as a link; else what its document has."""


class Orders:
    """Orders 1 to so many, with notes.

    Attributes:
        asked: How often orders were asked for, and notes.
        looked: How often somebody wanted to know of other orders.
    """

    def __init__(self, count: int, notes: Notes) -> None:
        self.keys = range(1, count + 1)
        self.notes = notes
        self.asked: Counter[str] = Counter()
        self.looked = 0
        self._service = RecordService(self._get)

    def _get(self, resource: Resource) -> Document:
        key, _, part = resource.path.partition("?")[0].partition("/salesorder/")[2].partition("/")
        self.asked[part] += 1
        if not key:
            return {}
        note = self.notes(int(key))
        is_link = note is LINKED or isinstance(note, (PermissionDenied, NotFound))
        if not part and is_link:
            links = [{"rel": "self", "href": f"{ROOT}/salesorder/{key}/note"}]
            return {"id": key, "note": {"links": links}}
        if isinstance(note, Exception):
            raise note
        return INLINE if part else {"id": key} | ({"note": note} if note else {})

    def others(self) -> Sequence[int]:
        self.looked += 1
        return [*self.keys[:10], *self.keys[10:][-10:]]

    def read(self, key: int) -> Document:
        return self._service.read("salesorder", key, self.others)

    def unread(self, keys: Sequence[int] = ()) -> list[int]:
        """Those of some orders, or of all, that are refused."""
        refused = []
        for key in keys or self.keys:
            try:
                self.read(key)
            except RequestRefused:
                refused.append(key)
        return refused


def only(keys: Sequence[int], note: object, otherwise: object) -> Notes:
    return lambda key: note if key in keys else otherwise


@pytest.mark.parametrize("count", [2, 3, 12, 60])
def test_a_part_that_is_refused_of_all_is_left_out_with_one_warning(
    count: int, caplog: pytest.LogCaptureFixture
) -> None:
    orders = Orders(count, lambda _: REFUSED)
    assert orders.unread() == []
    [told] = caplog.messages
    assert "does not give the part note of record_salesorder" in told
    assert "[403, X]" in told
    assert orders.looked == 1
    assert orders.asked["note"] <= count + 20


def test_one_changed_record_is_enough_to_know(caplog: pytest.LogCaptureFixture) -> None:
    orders = Orders(60, lambda _: REFUSED)
    assert orders.unread([30]) == []
    assert "nor of 20 others" in caplog.text


HAD: dict[str, tuple[Sequence[int], object]] = {
    "by the oldest, as a link": ([1], LINKED),
    "by the newest, in the document": ([60], INLINE),
    "by most": (range(6, 61), INLINE),
}


@pytest.mark.parametrize(("keys", "note"), HAD.values(), ids=HAD)
def test_a_record_whose_part_is_refused_though_another_has_it_is_not_whole(
    keys: Sequence[int], note: object, caplog: pytest.LogCaptureFixture
) -> None:
    orders = Orders(60, only(keys, note, REFUSED))
    assert orders.unread() == [key for key in orders.keys if key not in keys]
    assert orders.looked == 1
    assert not caplog.messages


def test_the_first_other_that_has_it_is_enough() -> None:
    orders = Orders(60, only([30], REFUSED, INLINE))
    assert orders.unread([30]) == [30]
    assert orders.asked == {"": 2, "note": 1}


def test_what_this_run_has_seen_counts_too() -> None:
    orders = Orders(60, only([30], INLINE, REFUSED))
    assert orders.unread([30, 31, 32]) == [31, 32]


TELLING_NOTHING: dict[str, object] = {
    "they do not mention it": None,
    "it is empty": EMPTY,
    "they are locked": RequestRefused("locked", status=400),
    "NetSuite fails at them": OWN_FAULT,
}


@pytest.mark.parametrize("note", TELLING_NOTHING.values(), ids=TELLING_NOTHING)
def test_records_that_tell_nothing_prove_nothing(note: object) -> None:
    """Nor do two that lack it, or a record of which there is no other."""
    assert Orders(60, only([30], REFUSED, note)).unread([30]) == [30]
    assert Orders(60, only([1, 2, 30], REFUSED, note)).unread([30]) == [30]
    assert Orders(1, lambda _: REFUSED).unread() == [1]


@pytest.mark.parametrize("note", TELLING_NOTHING.values(), ids=TELLING_NOTHING)
def test_many_of_them_do_not_disprove_it(note: object) -> None:
    """Where NetSuite shows only parts that are not empty, few may lack one that is refused."""
    orders = Orders(60, only([1, 2, 3, 30], REFUSED, note))
    assert orders.unread([30]) == []


def test_that_netsuite_cannot_be_asked_for_others_is_of_no_record() -> None:
    orders = Orders(60, only([30], REFUSED, LoginRefused("Invalid login attempt.", status=401)))
    with pytest.raises(LoginRefused):
        orders.read(30)


def test_many_at_once_learn_from_one_look() -> None:
    together, keys = threading.Barrier(5), range(20, 25)

    def notes(key: int) -> NetSuiteError:
        if key in keys:
            together.wait(timeout=60)
        return REFUSED

    class Held(Orders):
        """Whoever looks at others is held up until another does, too, or for a while."""

        def others(self) -> Sequence[int]:
            found = super().others()
            if self.looked > 1:
                another.set()
            another.wait(timeout=0.2)
            return found

    another, orders = threading.Event(), Held(60, notes)
    with ThreadPoolExecutor(5) as threads:
        assert [*threads.map(lambda key: orders.unread([key]), keys)] == [[]] * 5
    assert orders.looked == 1


def test_a_fault_at_a_part_is_one_at_the_record() -> None:
    orders = Orders(60, lambda _: LINKED)
    give = orders._get  # noqa: SLF001

    def fail(resource: Resource) -> Document:
        if "/note" in resource.path:
            raise OWN_FAULT
        return give(resource)

    service = RecordService(fail)
    for key in range(1, MAX_FAILED):
        with pytest.raises(RequestRefused):
            service.read("salesorder", key)


@pytest.mark.parametrize("note", [INLINE, LINKED])
def test_a_part_that_is_given_after_all_makes_all_be_read_once_more(note: object) -> None:
    orders = Orders(60, only([50], note, REFUSED))
    assert orders.unread(range(1, 50)) == []
    with pytest.raises(CountMismatch, match="were read without their note"):
        orders.read(50)
    assert orders.read(50)["note"] == INLINE
    asked = orders.asked["note"]
    assert orders.unread(range(1, 50)) == [*range(1, 50)]
    assert orders.asked["note"] == asked + 49


def test_one_that_is_nowhere_is_empty_and_asked_for_of_each(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A part may be rare: that some have none tells nothing of others."""
    orders = Orders(60, only([30, 45], LINKED, ABSENT))
    having = [key for key in orders.keys if orders.read(key)["note"] == INLINE]
    assert having == [30, 45]
    assert orders.asked["note"] == 60
    assert orders.looked == 0
    assert not caplog.messages


@pytest.mark.parametrize(("first", "last"), [(REFUSED, ABSENT), (ABSENT, REFUSED)])
def test_one_that_is_refused_of_some_and_absent_of_others_is_asked_for_of_each(
    first: NetSuiteError, last: NetSuiteError
) -> None:
    orders = Orders(60, only(range(1, 30), first, last))
    assert orders.unread() == []
    assert orders.asked["note"] >= 60


def test_types_are_judged_each_by_itself() -> None:
    def get(resource: Resource) -> Document:
        place = resource.path.partition("?")[0]
        if place.endswith("/note"):
            raise REFUSED
        links = [{"rel": "self", "href": f"{place}/note"}]
        return {"id": place.rpartition("/")[2], "note": {"links": links}}

    service = RecordService(get)
    assert service.read("salesorder", 5, partial(range, 20))
    with pytest.raises(RequestRefused, match="the part note is refused: no"):
        service.read("invoice", 5)

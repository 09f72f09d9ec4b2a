"""What becomes of records whose parts, such as a sublist, NetSuite refuses."""

import pytest

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.netsuite.errors import NetSuiteError, PermissionDenied, RequestRefused
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.netsuite.records import MAX_FAILED, REFUSALS_OF_PART, RecordService
from tests.netsuite.test_records import OWN_FAULT, ROOT


class Orders:
    """Orders with a note, which NetSuite refuses, fails at, or gives."""

    def __init__(self, note: Document | NetSuiteError) -> None:
        self.note = note
        self.service = RecordService(self.get)

    def get(self, resource: Resource) -> Document:
        key, _, part = resource.path.partition("?")[0].partition("/salesorder/")[2].partition("/")
        if not part:
            links = [{"rel": "self", "href": f"{ROOT}/salesorder/{key}/note"}]
            return {"id": key, "note": {"links": links}} if key else {}
        if isinstance(self.note, NetSuiteError):
            raise self.note
        return self.note

    def unread(self, keys: range) -> list[int]:
        """Those of some orders that are refused."""
        refused = []
        for key in keys:
            try:
                self.service.read("salesorder", key)
            except RequestRefused:
                refused.append(key)
        return refused


def test_a_part_that_no_record_has_is_left_out_with_a_warning_after_many(
    caplog: pytest.LogCaptureFixture,
) -> None:
    orders = Orders(PermissionDenied("no", status=403, code="X"))
    assert orders.unread(range(1, 100)) == [*range(1, REFUSALS_OF_PART + 1)]
    [told] = caplog.messages
    assert "does not give the part note of record_salesorder" in told
    assert "[403, X]" in told


def test_that_one_record_is_asked_for_again_and_again_is_no_refusal_of_others() -> None:
    orders = Orders(PermissionDenied("no", status=403))
    for _ in range(2 * REFUSALS_OF_PART):
        assert orders.unread(range(5, 6)) == [5]


def test_a_fault_at_a_part_is_one_at_the_record() -> None:
    assert Orders(OWN_FAULT).unread(range(1, MAX_FAILED)) == [*range(1, MAX_FAILED)]


def test_a_part_that_is_given_after_all_makes_all_be_read_once_more() -> None:
    orders = Orders(PermissionDenied("no", status=403))
    orders.unread(range(1, REFUSALS_OF_PART + 9))
    orders.note = {"text": "x"}
    with pytest.raises(CountMismatch, match="were read without their note"):
        orders.service.read("salesorder", 50)
    assert orders.service.read("salesorder", 50)["note"] == {"text": "x"}
    orders.note = PermissionDenied("no", status=403)
    assert orders.unread(range(1, 60)) == [*range(1, 60)]

"""Whether a document is the record that was asked for."""

import pytest

from tap_netsuite_tba.netsuite.errors import RequestRefused
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.netsuite.records import RecordService, is_refused


def read(*documents: Document) -> Document:
    """Record 5, of which these documents come, one after another, the last one ever again."""
    left = list(documents)

    def get(resource: Resource) -> Document:
        if "/5?" not in resource.path:
            return {}
        return left.pop(0) if len(left) > 1 else left[0]

    return RecordService(get).read("salesorder", 5)


NONE_OF_ITS = {
    "another record": {"links": [], "id": "999", "memo": "of another"},
    "another, as a number": {"id": 999},
    "links alone": {"links": []},
    "nothing": {},
}


@pytest.mark.parametrize("document", NONE_OF_ITS.values(), ids=list(NONE_OF_ITS))
def test_what_is_not_the_record_that_was_asked_for_is_asked_again(document: Document) -> None:
    assert read(document, {"id": "5"}) == {"id": "5"}


@pytest.mark.parametrize("document", NONE_OF_ITS.values(), ids=list(NONE_OF_ITS))
def test_what_stays_another_is_no_such_record(document: Document) -> None:
    with pytest.raises(RequestRefused) as raised:
        read(document)
    assert is_refused(raised.value)
    assert raised.value.status == 200


@pytest.mark.parametrize("document", [{"id": 5}, {"memo": "m"}, {"id": "x", "memo": "m"}])
def test_a_record_may_lack_its_id_or_write_it_otherwise(document: Document) -> None:
    assert read(document) == document

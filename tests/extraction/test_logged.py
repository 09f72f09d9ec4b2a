"""A list of the types of deleted records that is not whole is not believed."""

from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.logged import count_types
from tap_netsuite_tba.netsuite.query import Page

AT = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = b'[{"links":[],"n":"2","type":"Customer","scriptid":"CUSTOMER"}]'


@pytest.mark.parametrize(
    ("count", "has_more", "total"), [(1, True, None), (1, False, 2), (2, False, None)]
)
def test_a_list_that_goes_on_is_refused(count: int, total: int | None, *, has_more: bool) -> None:
    page = Page(ITEMS, count, has_more, total, asked_at=AT)
    with pytest.raises(OrderViolation):
        count_types(lambda _: page, AT)


def test_a_list_that_is_whole_is_counted() -> None:
    types = count_types(lambda _: Page(ITEMS, 1, has_more=False, total_results=1, asked_at=AT), AT)
    assert types.counts.total() == 2

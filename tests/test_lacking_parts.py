"""What a run makes of record types of which this role does not get a part."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import partial

import pytest

from tap_netsuite_tba import connection
from tap_netsuite_tba.netsuite.errors import PermissionDenied
from tap_netsuite_tba.netsuite.query import Document, Get, Resource
from tap_netsuite_tba.netsuite.records import RecordService
from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import Catalog, catalog_of, last_state, metadata_of, rows_of
from tests.tap_process import run_tap
from tests.test_record_streams import STREAM, config_of, edit, ids
from tests.test_unreadable_records import UNREADABLE

_ORDER = re.compile(r"/salesorder/(\d+)(/item)?\?")


def _without_lines(get: Get, having: set[int], resource: Resource) -> Document:
    """Orders whose lines are links, and refused, except those of some."""
    order = _ORDER.search(resource.path)
    if order is None or int(order[1]) in having:
        return get(resource)
    if order[2]:
        raise PermissionDenied("You may not see lines.", status=403)
    document = get(resource)
    links = [{"rel": "self", "href": f"/services/rest/record/v1/salesorder/{order[1]}/item"}]
    return document | {"item": {"links": links}}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


@pytest.fixture(scope="module")
def catalog(account: Simulator) -> Catalog:
    return catalog_of(config_of(account))


@pytest.fixture
def having(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The orders whose lines are given: none, unless a test adds some."""
    having: set[int] = set()

    def service(get: Get) -> RecordService:
        return RecordService(partial(_without_lines, get, having))

    monkeypatch.setattr(connection, "RecordService", service)
    return having


def test_all_records_come_without_it_from_the_first_on_and_in_the_next_run(
    account: Simulator, catalog: Catalog, having: set[int]
) -> None:
    assert not having
    config = config_of(account, lookback_seconds=0)
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert [row["id"] for row in rows_of(messages, STREAM)] == ids(account)
    assert not any(row["item"] for row in rows_of(messages, STREAM))
    assert not rows_of(messages, UNREADABLE)
    assert log.count(f"does not give the part item of {STREAM}") == 1

    changed = ids(account)[-1]
    edit(account, changed)
    again, code, log = run_tap(config, state=last_state(messages), catalog=catalog)
    assert code == 0, log
    assert [row["id"] for row in rows_of(again, STREAM)] == [changed]
    assert not rows_of(again, UNREADABLE)
    assert log.count(f"does not give the part item of {STREAM}") == 1


def test_where_it_is_deselected_nobody_asks_for_it(
    account: Simulator, catalog: Catalog, having: set[int]
) -> None:
    assert not having
    edited: Catalog = deepcopy(catalog)
    metadata_of(edited, STREAM, "properties", "item")["selected"] = False
    messages, code, log = run_tap(config_of(account), catalog=edited)
    assert code == 0, log
    assert [row["id"] for row in rows_of(messages, STREAM)] == ids(account)
    assert "does not give the part" not in log


def test_if_some_have_it_the_others_are_told_of(
    account: Simulator, catalog: Catalog, having: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    orders = ids(account)
    lacking = set(orders[2:5])
    having.update(set(orders) - lacking)
    messages, code, log = run_tap(config_of(account), catalog=catalog)
    assert code == 0, log
    assert {row["id"] for row in rows_of(messages, STREAM)} == having
    assert all(row["item"]["items"] for row in rows_of(messages, STREAM))
    assert {row["id"] for row in rows_of(messages, UNREADABLE)} == lacking
    assert "3 unreadable" in log


def test_one_in_the_middle_that_has_it_makes_all_be_read_once_more_and_counted_once(
    account: Simulator, having: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    orders = ids(account)
    having.add(orders[len(orders) // 2])
    account.records.lock("salesorder", orders[0])
    messages, code, log = run_tap(config_of(account))  # The discovery has looked at others by then.
    account.records.release("salesorder", orders[0])
    assert code == 1
    assert "were read without their item, which NetSuite gave of none" in log
    assert {row["id"] for row in rows_of(messages, UNREADABLE)} == set(orders) - having
    assert f"{len(orders) - 1} of {len(orders)} records of {STREAM} cannot be read" in log
    assert f"{len(orders) - 1} records could not be read" in log

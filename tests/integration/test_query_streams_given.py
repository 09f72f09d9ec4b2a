"""Queries as streams where the catalog that is given is of other settings."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from tap_netsuite_tba.given import read_catalog
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.integration.query_streams import KINDS, ORDERS, TOTALS, asked, only, records, settings
from tests.tap_process import discover, run_tap


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


@pytest.fixture(scope="module")
def catalog(account: Simulator) -> dict[str, Any]:
    return discover(settings(account, TOTALS, ORDERS, KINDS))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"primary_keys": ["n"]}, "has the key id, and the setting queries gives it n"),
        ({"replication_key": "changed"}, "lacks its key changed"),
        ({"replication_key": "amount"}, "tells no instants by amount"),
    ],
)
def test_a_stream_whose_catalog_does_not_fit_the_setting_fails_alone(
    account: Simulator, catalog: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    config = settings(account, TOTALS | change, KINDS)
    with asked(account) as texts:
        messages, code, log = run_tap(config, catalog=only(catalog, "totals", "kinds"))
    assert code == 1
    assert f"The catalog's stream totals {words}; discover a new catalog" in log
    assert "Not read to their end: totals." in log
    assert records(messages, "kinds")
    assert not [text for text in texts if "transactionline" in text]


@pytest.mark.parametrize("other", ["tranid", None])
def test_a_replication_key_that_is_another_than_the_catalogs_fails_its_stream(
    account: Simulator, catalog: dict[str, Any], other: str | None
) -> None:
    config = settings(account, ORDERS | {"replication_key": other}, KINDS)
    messages, code, log = run_tap(config, catalog=only(catalog, "orders", "kinds"))
    assert code == 1
    given = f"has the replication key changed, and the setting queries gives it {other or 'none'}"
    assert f"The catalog's stream orders {given}; discover a new catalog" in log
    assert records(messages, "kinds")


def test_one_that_is_refused_in_parentheses_since_is_to_be_discovered_again(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="FROM (SELECT", times=None))
    _, code, log = run_tap(settings(account, KINDS), catalog=only(catalog, "kinds"))
    account.faults.clear()
    assert code == 1
    assert "Invalid or unsupported search" in log
    assert "Discover it anew with --discover" in log
    assert "Take parts of the query out" not in log


def test_a_query_that_is_gone_from_the_settings_is_no_table_of_its_name(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    with asked(account) as texts:
        messages, code, log = run_tap(
            settings(account, KINDS), catalog=only(catalog, "totals", "kinds")
        )
    assert code == 1
    assert "stream totals is of a query, and the setting queries has no totals; discover" in log
    assert records(messages, "kinds")
    assert not [text for text in texts if "totals" in text]


def test_a_query_that_is_gone_and_deselected_is_left_alone(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    chosen = only(catalog, "totals", "kinds")
    for entry in chosen["streams"]:
        if entry["tap_stream_id"] == "totals":
            [root] = [each for each in entry["metadata"] if each["breadcrumb"] == []]
            root["metadata"] = {**root["metadata"], "selected": False}
    _, code, log = run_tap(settings(account, KINDS), catalog=chosen)
    assert code == 0, log


def test_a_query_that_is_gone_is_told_whatever_the_id_of_its_entry(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    chosen = only(catalog, "totals", "kinds")
    for entry in chosen["streams"]:
        entry["tap_stream_id"] = f"netsuite-{entry['tap_stream_id']}"
    given = read_catalog(StringIO(json.dumps(chosen)))
    tap = TapNetSuite(config=settings(account, KINDS), catalog=given)
    messages, code, log = run_tap(tap.config, tap=tap)
    assert code == 1
    assert "stream totals is of a query, and the setting queries has no totals; discover" in log
    assert records(messages, "kinds")


def test_a_replication_key_that_the_catalog_does_not_have_yet_is_said(
    account: Simulator, catalog: dict[str, Any]
) -> None:
    earlier = discover(settings(account, ORDERS | {"replication_key": None}))
    config = settings(account, ORDERS)
    messages, code, log = run_tap(config, catalog=earlier)
    assert code == 0
    assert records(messages, "orders")
    assert "gives orders the replication key changed, and the catalog gives it none" in log
    assert "meltano run --refresh-catalog" in log
    _, _, log = run_tap(config, catalog=only(catalog, "orders"))
    assert "the catalog gives it none" not in log

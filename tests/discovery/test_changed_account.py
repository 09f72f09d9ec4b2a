"""A sync with the catalog of an account that was changed since: what it says, and what it costs."""

import logging
from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import Catalog, catalog_of, metadata_of, rows_of
from tests.tap_process import configuration, run_tap

TABLES = ["currency", "customer", "vendo?", "item", "customrecord*", "customlist*"]
ASKS_EACH_TIME: dict[str, object] = {"discovery_cache_seconds": 0}


def said(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [r for r in caplog.records if "no longer as the catalog has it" in r.getMessage()]


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


def catalog_for(account: Simulator, **settings: object) -> Catalog:
    """A catalog of which only the currencies are selected."""
    catalog = catalog_of(configuration(account, tables=TABLES) | settings)
    for entry in catalog["streams"]:
        name = entry["tap_stream_id"]
        metadata_of(catalog, name)["selected"] = name == "currency"
    return catalog


def sync(account: Simulator, catalog: Catalog, **settings: object) -> int:
    """A sync that must succeed; how many requests it took."""
    before = account.counters.requests
    config = configuration(account, tables=TABLES) | settings
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert rows_of(messages, "currency")
    return account.counters.requests - before


def add_field(account: Simulator, table: str, name: str, kind: str, column: str) -> None:
    account.sql(f"ALTER TABLE {table} ADD COLUMN {name} {column}")
    account.sql(
        "INSERT INTO customfield (id, scriptid, fieldtype, name, fieldvaluetype, isinactive) "
        "SELECT max(id) + 1, ?, 'X', ?, ?, 'F' FROM customfield",
        [name.upper(), name, kind],
    )


MEMORIES = [{}, ASKS_EACH_TIME]


@pytest.mark.parametrize("settings", MEMORIES, ids=["remembered", "asked"])
def test_an_account_that_is_as_it_was_is_not_talked_about(
    account: Simulator, settings: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    catalog = catalog_for(account, **settings)
    requests = sync(account, catalog, **settings)
    # One reads the currencies.
    assert requests == (1 + 1 if not settings else 1 + 4)
    assert not said(caplog)


@pytest.mark.parametrize(
    ("settings", "found", "lacking"),
    [
        (
            {},
            (
                "New: item.custitem_size, customrecord_tool. "
                "Gone: item.custitem_hazardous, customlist_region. "
            ),
            None,
        ),
        (ASKS_EACH_TIME, "", "customrecord_hidden, customrecord_tool"),
    ],
    ids=["remembered", "asked"],
)
def test_what_is_new_gone_or_of_another_type_is_said_and_not_read(
    account: Simulator,
    settings: dict[str, object],
    found: str,
    lacking: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    catalog = catalog_for(account, **settings)
    add_field(account, "item", "custitem_size", "Decimal Number", "DECIMAL(9, 2)")
    account.sql("CREATE TABLE customrecord_tool (id BIGINT, name VARCHAR)")
    account.sql(
        "INSERT INTO customrecordtype (internalid, name, scriptid) VALUES "
        "(200, 'Tool', 'CUSTOMRECORD_TOOL'), (201, 'Hidden', 'CUSTOMRECORD_HIDDEN')"
    )
    account.sql("ALTER TABLE item DROP COLUMN custitem_hazardous")
    account.sql("DELETE FROM customfield WHERE scriptid = 'CUSTITEM_HAZARDOUS'")
    account.sql("DROP TABLE customlist_region")
    account.sql("DELETE FROM customlist WHERE scriptid = 'CUSTOMLIST_REGION'")
    account.sql(
        "UPDATE customfield SET fieldvaluetype = 'Decimal Number' "
        "WHERE scriptid = 'CUSTITEM_DRAWING_NO'"
    )
    sync(account, catalog, **settings)
    [record] = said(caplog)
    assert record.levelno == logging.WARNING
    assert (
        f"catalog has it. {found}"
        "Of another type: item.custitem_drawing_no (decimal, was text). To take that in"
    ) in record.getMessage()
    assert "tap-netsuite-tba --config config.json --discover > catalog.json" in record.getMessage()
    assert "meltano run --refresh-catalog" in record.getMessage()
    assert ("left out of it" in caplog.text) is (lacking is not None)
    assert lacking is None or f"left out of it: {lacking}. To take" in caplog.text


def test_a_type_that_was_set_is_no_change(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    settings: dict[str, object] = {
        "column_types": {"item.custitem_carbon_kg": "string"},
        **ASKS_EACH_TIME,
    }
    sync(account, catalog_for(account, **settings), **settings)
    assert not said(caplog)


def test_a_role_that_lost_sight_of_the_fields_takes_none_for_gone(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    catalog = catalog_for(account)
    for name in ("customfield", "customrecordtype", "customlist", "customsegment"):
        account.hide(name)
    sync(account, catalog)
    assert not said(caplog)
    assert "does not see NetSuite's customfield, customlist, customrecordtype" in caplog.text


def test_a_login_that_is_refused_costs_two_and_is_said_once(account: Simulator) -> None:
    catalog = catalog_for(account)
    config = configuration(account, tables=TABLES, token_secret="wrong-and-fake")
    _, code, log = run_tap(config, catalog=catalog)
    assert code == 1
    assert sum(account.counters.refused_logins.values()) == 2
    assert log.count("Invalid login attempt. ") == 2  # The first one was tried once more.
    assert log.count("Do not simply run again") == 1
    assert "these very credentials" not in log

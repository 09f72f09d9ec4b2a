"""Runs of the tap that remember what the one before found."""

import logging
from dataclasses import astuple
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.tap_process import configuration, run_tap

TABLES = ["customer", "item"]


def text_of_catalog(account: Simulator, **settings: object) -> tuple[str, int]:
    """The catalog as it is written, and how many requests it cost."""
    before = account.counters.requests
    text = TapNetSuite(config=configuration(account, tables=TABLES) | settings).catalog_json_text
    return text, account.counters.requests - before


def test_a_warm_discovery_is_few_requests_the_same_catalog_and_the_same_warnings(
    cache_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Simulator(transactions=100, role="crippled") as account:
        cold, _ = text_of_catalog(account)
        warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
        assert warnings
        caplog.clear()
        caplog.set_level(logging.INFO)
        assert text_of_catalog(account) == (cold, 3)  # One for each list that the role may not see.
        again = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
        assert again == warnings
        assert "Tables and columns are as discovered at 20" in caplog.text
        [file] = cache_folder.rglob("discovery/*.json")
        for credential in astuple(account.credentials):
            assert credential not in file.read_text()
            assert credential not in file.name


def test_a_change_is_discovered_by_the_next_run(
    cache_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Simulator(transactions=100) as account:
        cold, _ = text_of_catalog(account)
        account.sql("ALTER TABLE item ADD COLUMN custitem_size DECIMAL(9, 2)")
        account.sql(
            "INSERT INTO customfield (id, scriptid, name, fieldvaluetype) "
            "VALUES (9000, 'CUSTITEM_SIZE', 'Size', 'Decimal Number')"
        )
        changed, _ = text_of_catalog(account)
        assert "custitem_size" in set(changed.split('"')) - set(cold.split('"'))
        assert "customization was changed since the last discovery" in caplog.text
        assert text_of_catalog(account) == (changed, 1)

        account.hide("customfield")
        assert "custitem_size" in text_of_catalog(account)[0]  # NetSuite takes it still.
        account.show("customfield")
        assert text_of_catalog(account)[0] == changed

        [file] = cache_folder.rglob("discovery/*.json")
        kept = file.read_bytes()
        asked, asked_requests = text_of_catalog(account, discovery_cache_seconds=0)
        assert asked == changed
        assert asked_requests > 3
        assert file.read_bytes() == kept


def test_where_nothing_can_be_remembered_each_run_asks(
    cache_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache_folder.write_text("a file where the folder should be")
    with Simulator(transactions=100) as account:
        config = {"tables": ["department"]}
        first, requests = text_of_catalog(account, **config)
        assert text_of_catalog(account, **config) == (first, requests)
    said = [r for r in caplog.records if "cannot be remembered" in r.getMessage()]
    assert len(said) == 2


def test_a_sync_for_which_something_is_not_as_remembered_lets_the_next_one_ask(
    cache_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Simulator(transactions=100) as account:
        config = configuration(account, tables=["depart*", "curren*"])
        assert run_tap(config)[1] == 0
        assert list(cache_folder.rglob("discovery/*.json"))
        account.hide("department")
        _, code, log = run_tap(config)
        assert "Not read to their end: department" in log
        _, next_code, log = run_tap(config)
        assert "Not read to their end" not in log
        assert "left out" in caplog.text
        assert (code, next_code) == (1, 0)

"""An account that changed since its catalog was made: a sync says what, and how to take it in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import only
from tests.integration.command import discovered, run
from tests.integration.shapes import add_custom_record
from tests.tap_process import configuration

NEW_FIELD = """
    ALTER TABLE customrecord_vehicle ADD COLUMN custrecord_vehicle_colour VARCHAR;
    INSERT INTO customfield BY NAME SELECT * EXCLUDE (internalid) REPLACE (5000 AS id,
        'CUSTRECORD_VEHICLE_COLOUR' AS scriptid)
    FROM customfield WHERE scriptid = 'CUSTRECORD_VEHICLE_PLATE';
"""
LOST_FIELD = """
    ALTER TABLE customrecord_quality_check DROP COLUMN custrecord_qc_remark;
    DELETE FROM customfield WHERE scriptid = 'CUSTRECORD_QC_REMARK';
"""
RETYPED_FIELD = """
    ALTER TABLE customrecord_vehicle ALTER custrecord_vehicle_plate TYPE BIGINT USING id;
    UPDATE customfield SET fieldvaluetype = 'Integer Number', lastmodifieddate = now()
    WHERE scriptid = 'CUSTRECORD_VEHICLE_PLATE';
"""
LOST_TABLE = """
    DROP TABLE customlist_region;
    DELETE FROM customlist WHERE scriptid = 'CUSTOMLIST_REGION';
"""


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as simulator:
        yield simulator


def test_an_unchanged_account_costs_a_sync_one_request(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account, tables=["currency", "customrecord*"])
    catalog = only(discovered(tmp_path, config).catalog, "currency")
    before = account.counters.requests
    warm = discovered(tmp_path, config)
    assert account.counters.requests - before <= 1
    assert set(warm.tables) > {"currency"}
    before = account.counters.requests
    assert run(tmp_path, config, catalog=catalog).code == 0
    reading = 2  # the rows, and how many there are
    assert account.counters.requests - before <= 1 + reading


def test_what_is_new_gone_or_retyped_is_said_with_the_command(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, tables=["currency", "custom*"])
    catalog = only(discovered(tmp_path, config).catalog, "currency")
    assert "custrecord" not in run(tmp_path, config, catalog=catalog).log
    account.sql(NEW_FIELD + LOST_FIELD + RETYPED_FIELD + LOST_TABLE)
    add_custom_record(account, "customrecord_new", fields=3)
    outcome = run(tmp_path, config, catalog=catalog)
    assert outcome.code == 0
    assert outcome.rows("currency")
    for name in (
        "custrecord_vehicle_colour",
        "custrecord_qc_remark",
        "custrecord_vehicle_plate",
        "customlist_region",
        "customrecord_new",
    ):
        assert name in outcome.log, outcome.log
    assert "--discover" in outcome.log or "meltano" in outcome.log


def test_a_table_that_is_selected_and_gone_makes_the_run_fail(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, tables=["currency", "customlist*"])
    catalog = only(discovered(tmp_path, config).catalog, "currency", "customlist_region")
    account.sql(LOST_TABLE)
    outcome = run(tmp_path, config, catalog=catalog)
    assert outcome.code == 1
    assert outcome.rows("currency")
    assert "customlist_region" in outcome.log
    assert "Traceback" not in outcome.log

"""Accounts as nobody would make them, and settings as somebody types them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import ColumnRefusal, Simulator, Switches
from tap_netsuite_tba.tables import ColumnType
from tests.integration.command import Outcome, discovered, run
from tests.integration.shapes import LABELS, add_custom_record
from tests.tap_process import configuration

RECORD = "customrecord_odd"


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_000, switches=Switches(reserved_alias="refused")) as simulator:
        add_custom_record(simulator, RECORD, fields=len(LABELS))
        add_custom_record(simulator, f"{RECORD}_empty", fields=4, rows=0, place=901)
        simulator.sql(RESERVED + CASES + CHARACTERS)
        yield simulator


RESERVED = """
    CREATE TABLE customrecord_reserved (
        id BIGINT, lastmodified TIMESTAMP, level BIGINT, comment VARCHAR, "date" DATE,
        number DECIMAL(9, 2), start TIMESTAMP, "order" BIGINT, "select" VARCHAR
    );
    INSERT INTO customrecord_reserved VALUES
        (1, '2026-01-02 03:04:05', 3, 'a remark', '2026-02-03', 0.5, '2026-03-04 05:06:07', 9, 's');
    INSERT INTO customrecordtype BY NAME
    SELECT 3001 AS internalid, 'Reserved' AS name, 'CUSTOMRECORD_RESERVED' AS scriptid;
"""
"""A table whose columns are words that SQL has for itself."""

CASES = """
    INSERT INTO customfield BY NAME SELECT * EXCLUDE (internalid) REPLACE (5001 AS id,
        'custRecord_vehicle_PLATE' AS scriptid, 'The same plate' AS name)
    FROM customfield WHERE id = 560;
"""
"""A second field whose name differs in its letters' case only."""

CHARACTERS = """
    INSERT INTO customfield BY NAME SELECT * EXCLUDE (internalid) REPLACE (5002 AS id,
        'CUSTRECORD_VEHICLE-Ä; DROP' AS scriptid)
    FROM customfield WHERE id = 560;
    INSERT INTO customrecordtype BY NAME
    SELECT 3002 AS internalid, 'Odd' AS name, 'CUSTOMRECORD_Ä''B-1' AS scriptid;
"""
"""Names that no query can write."""

UNHEARD_OF = """
    CREATE TABLE unheard (
        id BIGINT, "x y" VARCHAR, "ünï" VARCHAR, "1a" BIGINT, "a$b#" VARCHAR, "_x" BIGINT,
        sdc_x BIGINT, zip VARCHAR, flag VARCHAR, big VARCHAR, day VARCHAR
    );
    INSERT INTO unheard VALUES
        (1, 'x', 'u', 2, 'd', 3, 4, '01234', 'T', repeat('9', 20), '2/3/2026'),
        (2, NULL, NULL, NULL, NULL, NULL, NULL, '98765', 'F', '1', '2/30/2026');
"""
"""A table of which only its rows tell, with texts that nearly are something else."""


def discovery(account: Simulator, folder: Path, *tables: str, **settings: object) -> Outcome:
    config = configuration(account, tables=list(tables), discovery_cache_seconds=0, **settings)
    return discovered(folder, config)


def test_columns_may_be_reserved_words(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account, tables=["customrecord_reserved"])
    outcome = run(tmp_path, config)
    assert outcome.code == 0, outcome.log
    [row] = outcome.rows("customrecord_reserved")
    assert {name: row[name] for name in row if not name.startswith("_sdc_")} == {
        "id": 1,
        "lastmodified": "2026-01-02T03:04:05Z",
        "level": 3,
        "comment": "a remark",
        "date": "2026-02-03",
        "number": 0.5,
        "start": "2026-03-04T05:06:07Z",
        "order": 9,
    }
    assert "select" in outcome.log  # that one no query can write


def test_labels_are_titles_whatever_they_are(account: Simulator, tmp_path: Path) -> None:
    [entry] = discovery(account, tmp_path, RECORD).catalog["streams"]
    titles = [
        described.get("title")
        for name, described in entry["schema"]["properties"].items()
        if name.startswith("custrecord_odd")
    ]
    assert [(title or "").strip() for title in titles] == [label.strip() for label in LABELS]


def test_fields_that_differ_in_case_only_are_one_column(account: Simulator, tmp_path: Path) -> None:
    outcome = discovery(account, tmp_path, "customrecord_vehicle")
    names = outcome.tables["customrecord_vehicle"].column_names
    assert names.count("custrecord_vehicle_plate") == 1
    assert "custRecord_vehicle_PLATE" in outcome.log


def test_names_that_no_query_can_write_are_left_out_and_said(
    account: Simulator, tmp_path: Path
) -> None:
    outcome = discovery(account, tmp_path, "customrecord*")
    assert "customrecord_vehicle" in outcome.tables
    assert "CUSTRECORD_VEHICLE-Ä; DROP".lower() in outcome.log.lower()
    assert "CUSTOMRECORD_Ä'B-1".lower() in outcome.log.lower()
    assert "vehicle-ä" not in outcome.output.lower()


def test_a_table_that_nothing_tells_of_is_read_as_its_rows_show_it(
    account: Simulator, tmp_path: Path
) -> None:
    account.sql(UNHEARD_OF)
    outcome = run(tmp_path, configuration(account, tables=["unheard"]))
    assert outcome.code == 0, outcome.log
    assert outcome.rows("unheard")[0] == {
        "id": 1,
        "a$b#": "d",
        "_x": 3,
        "sdc_x": 4,
        "zip": "01234",
        "flag": True,
        "big": "9" * 20,
        "day": "2/3/2026",
    }
    [said] = [line for line in outcome.log.splitlines() if "no query can write" in line]
    assert all(repr(name) in said for name in ("1a", "x y", "ünï"))


def test_a_custom_record_without_rows_has_its_columns_and_is_read(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, tables=[f"{RECORD}_empty"])
    outcome = run(tmp_path, config)
    assert outcome.code == 0, outcome.log
    assert outcome.rows(f"{RECORD}_empty") == []
    [schema] = [message for message in outcome.messages if message["type"] == "SCHEMA"]
    fields = {f"custrecord_odd_empty_{number:03}" for number in range(1, 5)}
    assert fields <= schema["schema"]["properties"].keys()


@pytest.mark.parametrize(
    "how",
    [
        ColumnRefusal.NOT_EXPOSED,
        ColumnRefusal.REMOVED,
        ColumnRefusal.UNKNOWN,
        ColumnRefusal.UNSUPPORTED,
    ],
)
def test_a_table_whose_every_column_is_refused(
    account: Simulator, tmp_path: Path, how: ColumnRefusal
) -> None:
    name = f"customrecord_{how.name.lower()}"
    account.sql(f"CREATE TABLE IF NOT EXISTS {name} (id BIGINT, name VARCHAR, parent BIGINT)")
    for column in ("id", "name", "parent"):
        account.refuse(name, column, how)
    outcome = run(tmp_path, configuration(account, tables=["currency", name]))
    assert outcome.code == 1
    assert outcome.rows("currency")
    assert f"The table {name} is left out" in outcome.log
    assert f"Not read at all: {name}." in outcome.log


def test_a_pattern_that_fits_nothing_is_told_with_near_names(
    account: Simulator, tmp_path: Path
) -> None:
    outcome = discovery(account, tmp_path, "currency", "custmer*")
    assert outcome.code == 1
    assert outcome.output == ""
    assert "'custmer*' fits no table" in outcome.log
    assert "customer" in outcome.log.replace("custmer", "")


def test_a_name_that_fits_nothing_is_told_with_near_names(
    account: Simulator, tmp_path: Path
) -> None:
    outcome = run(tmp_path, configuration(account, tables=["currency", "custmer"]))
    assert outcome.code == 1
    assert outcome.rows("currency")
    assert "customer" in outcome.log.replace("custmer", "")


@pytest.mark.parametrize("name", ["customer; DROP", "cust\nomer", "*ü*", "[", ""])
def test_a_pattern_with_odd_characters_is_a_sentence(
    account: Simulator, tmp_path: Path, name: str
) -> None:
    outcome = discovery(account, tmp_path, name)
    assert outcome.code == 1
    assert outcome.output == ""
    assert "tables" in outcome.log
    assert "Traceback" not in outcome.log


def test_a_date_that_is_an_instant_is_found_to_be_one(account: Simulator, tmp_path: Path) -> None:
    account.sql(
        "CREATE OR REPLACE TABLE customrecord_dated AS SELECT 1 AS id,"
        " TIMESTAMP '2026-07-08 21:22:23' AS custrecord_dated, NULL::TIMESTAMP AS lastmodified"
    )
    account.sql(
        "INSERT INTO customfield BY NAME SELECT 5003 AS id, 'CUSTRECORD_DATED' AS scriptid,"
        " 'RECORD' AS fieldtype, 'Date' AS fieldvaluetype, 'F' AS isinactive"
    )
    outcome = discovery(account, tmp_path, "customrecord_dated")
    [column] = [
        column
        for column in outcome.tables["customrecord_dated"].columns
        if column.name == "custrecord_dated"
    ]
    assert column.type is ColumnType.DATETIME
    outcome = run(tmp_path, configuration(account, tables=["customrecord_dated"]))
    [row] = outcome.rows("customrecord_dated")
    assert row["custrecord_dated"] == "2026-07-08T21:22:23Z"

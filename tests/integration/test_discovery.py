"""What an administrator finds is the account: each table and column, with its type."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import ColumnType
from tests.integration.command import Outcome, discovered
from tests.integration.shapes import Columns, add_custom_record, add_custom_records, truth
from tests.tap_process import configuration

SNAPSHOT = Path(__file__).parent / "snapshots" / "catalog.json"
REWRITE = "REWRITE_SNAPSHOTS"

NAMED_ONLY = (
    "companyfeaturesetup",
    "customfield",
    "customlist",
    "customrecordtype",
    "customsegment",
    "deletedrecord",
    "systemnote",
)
"""The system tables, which no pattern reaches."""
NO_TABLES = ("dual",)
_LISTS = ("account", "classification", "department", "item")
TYPED_OTHERWISE: Mapping[str, ColumnType] = {
    **{f"{table}.subsidiary": ColumnType.MULTISELECT for table in _LISTS},  # "1, 2, 5"
    "customer.weblead": ColumnType.TEXT,  # what a live account holds there is not known
    "customfield.fieldvaluetyperecord": ColumnType.TEXT,  # a live account may say a name
    "customfield.recordtype": ColumnType.TEXT,  # likewise
    "customfield.visibleontransactions": ColumnType.TEXT,  # what is there is not known
    "pricing.quantity": ColumnType.DECIMAL,  # a price may begin at any quantity
    "systemnote.type": ColumnType.TEXT,  # what is there is not known
    "transaction.billingstatus": ColumnType.TEXT,  # a status, of which this company has one
}
"""Columns whose type the shipped file knows otherwise than the company's rows show it."""


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as account:
        yield account


@pytest.fixture(scope="module")
def default(company: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    config = configuration(company, tables=["*"], discovery_cache_seconds=0)
    return discovered(tmp_path_factory.mktemp("default"), config)


def found(outcome: Outcome) -> dict[str, Columns]:
    """The tables of a catalog, with those columns that NetSuite has."""
    return {
        name: {c.name: c.type for c in table.columns if not c.name.startswith("_sdc_")}
        for name, table in outcome.tables.items()
    }


def expected(account: Simulator) -> dict[str, Columns]:
    return {
        table: {
            column: TYPED_OTHERWISE.get(f"{table}.{column}", kind)
            for column, kind in columns.items()
        }
        for table, columns in truth(account).items()
        if table not in NO_TABLES
    }


def differences(outcome: Outcome, account: Simulator, *left_out: str) -> dict[str, Any]:
    """What the catalog has otherwise than the account, by table; first the catalog's."""
    there, wanted = found(outcome), expected(account)
    missing: dict[str, Any] = {
        table: (sorted(there.get(table, [])), sorted(wanted.get(table, [])))
        for table in there.keys() ^ (wanted.keys() - set(left_out))
    }
    return missing | {
        f"{table}.{column}": (there[table].get(column), wanted[table].get(column))
        for table in there.keys() & wanted.keys()
        for column in there[table].keys() | wanted[table].keys()
        if not _is_alike(column, there[table], wanted[table])
    }


def _is_alike(column: str, there: Columns, wanted: Columns) -> bool:
    if column not in there or column not in wanted:
        return False
    return wanted[column] in {there[column], None}


def test_each_table_and_column_of_the_company_is_found(
    company: Simulator, default: Outcome
) -> None:
    assert differences(default, company, *NAMED_ONLY) == {}


def test_a_system_table_is_found_by_its_name(company: Simulator, tmp_path: Path) -> None:
    outcome = discovered(tmp_path, configuration(company, tables=list(NAMED_ONLY)))
    others = expected(company).keys() - set(NAMED_ONLY)
    assert differences(outcome, company, *others) == {}


def test_forty_custom_record_types_are_found(tmp_path: Path) -> None:
    with Simulator(transactions=1_000) as account:
        names = add_custom_records(account, types=40, fields=25)
        patterns = ["customrecord_shape_*", "map_customrecord_shape_*"]
        outcome = discovered(tmp_path, configuration(account, tables=patterns))
        others = [name for name in expected(account) if "customrecord_shape_" not in name]
        assert differences(outcome, account, *others) == {}
        assert set(names) <= outcome.tables.keys()


def test_a_table_of_250_columns_is_found(tmp_path: Path) -> None:
    with Simulator(transactions=1_000) as account:
        add_custom_record(account, "customrecord_wide", fields=240)
        outcome = discovered(tmp_path, configuration(account, tables=["customrecord_wide"]))
        others = expected(account).keys() - {"customrecord_wide"}
        assert differences(outcome, account, *others) == {}
        assert len(found(outcome)["customrecord_wide"]) > 250


def test_the_catalog_is_the_one_written_down(default: Outcome) -> None:
    streams = {entry["tap_stream_id"]: _summary(entry) for entry in default.catalog["streams"]}
    text = json.dumps(streams, indent=1) + "\n"
    if os.environ.get(REWRITE):
        SNAPSHOT.write_text(text, encoding="utf-8")
    written = SNAPSHOT.read_text(encoding="utf-8")
    assert text.splitlines() == written.splitlines(), f"where this is meant, set {REWRITE}=1"


def _summary(entry: dict[str, Any]) -> dict[str, Any]:
    """What of a stream is written down: all but its texts."""
    [root] = [each["metadata"] for each in entry["metadata"] if not each["breadcrumb"]]
    return {
        "key": entry["key_properties"],
        "cursors": root.get("valid-replication-keys", []),
        "selected": root.get("selected-by-default"),
        "columns": {
            name: _type(described) for name, described in entry["schema"]["properties"].items()
        },
    }


def _type(described: dict[str, Any]) -> str:
    types = described["type"]
    words = [types] if isinstance(types, str) else types
    return " ".join([*words, *filter(None, [described.get("format")])])

"""What discovery says of a column is how its values arrive."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import ColumnRefusal, Simulator
from tap_netsuite_tba.tables import ColumnType, Form
from tests.integration.command import discovered, run
from tests.integration.shapes import KINDS, add_custom_record, truth
from tests.tap_process import configuration

RECORD = "customrecord_kinds"
IN_UTC = "%Y-%m-%dT%H:%M:%SZ"
# Around both clock changes of New York; of the hour that autumn repeats, the later.
MOMENTS = (
    "2025-03-09 06:59:59",
    "2025-03-09 07:00:00",
    "2025-11-02 04:59:59",
    "2025-11-02 06:00:00",
)

EMITTED: Mapping[ColumnType | None, Callable[[Any], object]] = {
    ColumnType.BOOLEAN: lambda stored: stored == "T",
    ColumnType.DATE: lambda stored: stored.isoformat(),
    ColumnType.DATETIME: lambda stored: stored.strftime(IN_UTC),
    ColumnType.DECIMAL: float,
    ColumnType.INTEGER: int,
    ColumnType.MULTISELECT: lambda stored: [int(each) for each in stored.split(", ")],
    ColumnType.TEXT: str,
}
"""From what the company stores to what the tap emits."""


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_000, time_zone="America/New_York") as simulator:
        add_custom_record(simulator, RECORD, fields=len(KINDS))
        yield simulator


def test_each_kind_of_custom_field_arrives_as_it_is(account: Simulator, tmp_path: Path) -> None:
    types = truth(account)[RECORD]
    stored = account.sql(f"SELECT * FROM {RECORD} ORDER BY id ASC")  # noqa: S608  # a test's own
    expected = [
        {
            name: None if value is None else EMITTED[kind](value)
            for (name, kind), value in zip(types.items(), row, strict=True)
        }
        for row in stored
    ]
    rows = run(tmp_path, configuration(account, tables=[RECORD])).rows(RECORD)
    assert [{name: row[name] for name in types} for row in rows] == expected


def test_a_label_is_what_netsuite_shows_for_an_id(account: Simulator, tmp_path: Path) -> None:
    config = configuration(
        account,
        tables=["customrecord_vehicle", "item"],
        include_labels=["customrecord_vehicle.*_driver", "item.custitem_certificates"],
    )
    outcome = run(tmp_path, config)
    names = dict(account.sql("SELECT id, entityid FROM employee"))
    vehicles = outcome.rows("customrecord_vehicle")
    assert any(row["custrecord_vehicle_driver"] for row in vehicles)
    for row in vehicles:
        driver = row["custrecord_vehicle_driver"]
        assert row["custrecord_vehicle_driver_label"] == names.get(driver)
    certificates = dict(account.sql("SELECT id, name FROM customlist_certificate"))
    for row in outcome.rows("item"):
        for chosen in row["custitem_certificates"] or []:
            assert certificates[chosen] in row["custitem_certificates_label"]


def test_an_instant_without_a_zone_is_the_same_instant(account: Simulator, tmp_path: Path) -> None:
    values = ", ".join(f"({n}, TIMESTAMP '{each}')" for n, each in enumerate(MOMENTS, 1))
    account.sql(
        "CREATE TABLE customrecord_moments AS SELECT id, moment, moment AS lastmodified"  # noqa: S608  # a test's own
        f" FROM (VALUES {values}) AS moments(id, moment)"
    )
    for column in ("moment", "lastmodified"):
        account.refuse("customrecord_moments", column, ColumnRefusal.NO_TIME_ZONE)
    config = configuration(account, tables=["customrecord_moments"])
    [table] = discovered(tmp_path, config).tables.values()
    forms = {column.name: column.form for column in table.columns}
    assert (forms["moment"], forms["lastmodified"]) == (Form.LOCAL, Form.LOCAL)
    first = run(tmp_path, config)
    rows = first.rows("customrecord_moments")
    assert [row["moment"] for row in rows] == [f"{each.replace(' ', 'T')}Z" for each in MOMENTS]
    assert [row["lastmodified"] for row in rows] == [row["moment"] for row in rows]

    now = account.clock.now()
    account.sql("UPDATE customrecord_moments SET lastmodified = ? WHERE id = 2", [_naive(now)])
    second = run(tmp_path, config, state=first.state)
    assert [(row["id"], row["lastmodified"]) for row in second.rows("customrecord_moments")] == [
        (2, now.strftime(IN_UTC))
    ]


def _naive(instant: datetime) -> datetime:
    return instant.replace(tzinfo=None, microsecond=0)


LIAR = """
    ALTER TABLE {name} ADD COLUMN custrecord_liar VARCHAR;
    UPDATE {name} SET custrecord_liar = 'Confidential 7' WHERE id = 2;
    DELETE FROM customfield WHERE id = 7000;
    INSERT INTO customfield BY NAME
    SELECT 7000 AS id, 'CUSTRECORD_LIAR' AS scriptid, 'RECORD' AS fieldtype, 'F' AS isinactive,
           '{kind}' AS fieldvaluetype, internalid AS recordtype
    FROM customrecordtype WHERE scriptid = upper('{name}');
"""
"""A field whose values are not what it says that they are."""


@pytest.mark.parametrize(
    ("kind", "place"), [("Check Box", 1), ("Integer Number", 2), ("Multiple Select", 3)]
)
def test_a_value_that_is_not_of_its_type_is_told_with_the_override(
    account: Simulator, tmp_path: Path, kind: str, place: int
) -> None:
    name = f"customrecord_liar_{place}"
    add_custom_record(account, name, fields=1, place=place)
    account.sql(LIAR.format(name=name, kind=kind))
    config = configuration(account, tables=["currency", name], discovery_cache_seconds=0)
    refused = run(tmp_path, config)
    assert refused.code == 1
    assert refused.rows("currency")
    [said] = [line for line in refused.log.splitlines() if "column_types" in line]
    assert f"{name}.custrecord_liar" in said
    assert "the row with key 2" in said
    assert "'AAAAAAAAAAAA 9'" in said
    assert "Confidential" not in refused.log
    accepted = run(tmp_path, config | {"column_types": {f"{name}.custrecord_liar": "string"}})
    assert accepted.code == 0
    found = [row["custrecord_liar"] for row in accepted.rows(name)]
    assert found == [None, "Confidential 7", None]

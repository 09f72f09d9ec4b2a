"""Custom records, whose cursor is called `lastmodified` and whose type is their script id."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Table
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import Message, last_state, rows_of
from tests.tap_process import configuration, run_tap

VEHICLES = Table(
    name="customrecord_vehicle",
    key=("id",),
    columns=(
        Column("id", ColumnType.INTEGER),
        Column(DELETED_AT, ColumnType.DATETIME),
        Column("name", ColumnType.TEXT),
        Column("custrecord_vehicle_leased", ColumnType.BOOLEAN),
        Column("lastmodified", ColumnType.DATETIME),
    ),
    cursor="lastmodified",
    deleted_types=frozenset({"customrecord_vehicle"}),
)


class TapOfVehicles(TapNetSuite):
    """The tap once its discovery finds custom records."""

    def _tables(self) -> list[Table]:
        return [VEHICLES]


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


def read(account: Simulator, state: Mapping[str, Any] | None = None) -> list[Message]:
    account.clock.advance(5)  # A bookmark is a second or two before the first page.
    config = configuration(account, tables=[VEHICLES.name], lookback_seconds=0)
    tap = TapOfVehicles(config=config, state=dict(state or {}))
    messages, code, log = run_tap({}, tap=tap)
    assert code == 0, log
    return messages


def test_custom_records_are_loaded_followed_and_buried(account: Simulator) -> None:
    truth = account.sql("SELECT id, name, lastmodified FROM customrecord_vehicle ORDER BY id")
    messages = read(account)
    rows = rows_of(messages, VEHICLES.name)
    assert [(row["id"], row["name"]) for row in rows] == [(key, name) for key, name, _ in truth]
    assert [row["lastmodified"] for row in rows] == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for *_, at in truth]
    assert last_state(messages)["bookmarks"][VEHICLES.name]["replication_key"] == "lastmodified"

    edited = account.churn.edit(3, VEHICLES.name)
    messages = read(account, last_state(messages))
    rows = rows_of(messages, VEHICLES.name)
    assert sorted(row["id"] for row in rows) == edited
    assert all(row["name"].startswith("Edited") and row[DELETED_AT] is None for row in rows)

    now = account.clock.now().replace(tzinfo=None)
    [(gone,)] = account.sql(
        "DELETE FROM customrecord_vehicle "
        "WHERE id = (SELECT min(id) FROM customrecord_vehicle) RETURNING id"
    )
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
        "VALUES (?, 101, 'CUSTOMRECORD_VEHICLE', 'Fahrzeug', ?), "
        "(?, 118, 'CUSTOMRECORD_QUALITY_CHECK', 'Quality Check', ?)",
        [gone, now, truth[-1][0], now],
    )
    messages = read(account, last_state(messages))
    [tombstone] = rows_of(messages, VEHICLES.name)
    assert tombstone[DELETED_AT] == f"{now:%Y-%m-%dT%H:%M:%SZ}"
    assert {name: value for name, value in tombstone.items() if value is not None} == {
        "id": gone,
        DELETED_AT: tombstone[DELETED_AT],
    }

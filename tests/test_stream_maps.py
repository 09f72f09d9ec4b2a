"""Stream maps and flattening, which are the SDK's, over our rows and tombstones."""

from collections.abc import Iterator
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import last_state, rows_of
from tests.tap_process import configuration, run_tap


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


def delete_two(account: Simulator, table: str) -> list[int]:
    """Deletes a row of an even key and one of an odd one, as the log of deletions has it."""
    keys = [
        account.sql(f"SELECT min(id) FROM {table} WHERE id % 2 = ?", [rest])[0][0]  # noqa: S608 - a test's own
        for rest in (0, 1)
    ]
    for key in keys:
        account.sql(f"DELETE FROM {table} WHERE id = ?", [key])  # noqa: S608 - a test's own
        account.sql(
            "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
            "VALUES (?, -2, ?, ?, now() AT TIME ZONE 'UTC')",
            [key, table, table],
        )
    return keys


def test_maps_and_filters_apply_to_rows(account: Simulator) -> None:
    maps = {"transaction": {"tranid": "tranid.lower()", "__filter__": "id % 2 == 0"}}
    messages, code, log = run_tap(configuration(account, stream_maps=maps))
    assert code == 0, log
    rows = rows_of(messages, "transaction")
    [(even,)] = account.sql("SELECT COUNT(*) FROM transaction WHERE id % 2 = 0")
    assert len(rows) == even
    assert all(row["tranid"] == row["tranid"].lower() for row in rows if row["tranid"])


def test_maps_and_filters_apply_to_tombstones(account: Simulator) -> None:
    maps: dict[str, Any] = {
        "customer": {
            "__alias__": "client",
            "__filter__": "id % 2 == 0",
            "__key_properties__": ["number"],
            "__else__": None,
            "number": "id",
            "is_gone": "_sdc_deleted_at is not None",
            "name": "entityid.upper() if entityid else None",
        }
    }
    config = configuration(account, tables=["customer"], stream_maps=maps)
    messages, code, log = run_tap(config)
    assert code == 0, log
    [schema] = [message for message in messages if message["type"] == "SCHEMA"]
    assert (schema["stream"], schema["key_properties"]) == ("client", ["number"])
    even, _ = delete_two(account, "customer")
    messages, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    gone = [row for row in rows_of(messages, "client") if row["is_gone"]]
    assert gone == [{"number": even, "is_gone": True, "name": None}]


def test_a_map_that_cannot_take_a_null_is_said_in_a_sentence(account: Simulator) -> None:
    maps = {"vendor": {"entityid": "entityid.upper()"}}
    config = configuration(account, tables=["vendor"], stream_maps=maps)
    messages, code, log = run_tap(config)
    assert code == 0, log
    delete_two(account, "vendor")
    _, code, log = run_tap(config, state=last_state(messages))
    assert code == 1
    assert "The stream map vendor cannot be applied to a row of vendor" in log
    assert "in tombstones all but the key are" in log


def test_flattening_leaves_flat_rows_as_they_are(account: Simulator) -> None:
    config = configuration(account, tables=["currency"])
    plain, _, _ = run_tap(config)
    config |= {"flattening_enabled": True, "flattening_max_depth": 2}
    flattened, code, log = run_tap(config)
    assert code == 0, log
    assert rows_of(flattened, "currency") == rows_of(plain, "currency") != []

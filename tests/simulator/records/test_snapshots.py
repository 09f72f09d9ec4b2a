"""A document is one instant of the account, whatever happens meanwhile."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.records.rows import Row
from tap_netsuite_tba.simulator.records.snapshot import Snapshot
from tests.simulator.records.asking import found


@pytest.fixture(scope="module")
def busy() -> Iterator[Simulator]:
    """A company that the tests of this module change."""
    with Simulator(transactions=300) as account:
        yield account


def order_ids(account: Simulator) -> list[int]:
    query = "SELECT id FROM transaction WHERE recordtype = 'salesorder' ORDER BY id"
    return [each for (each,) in account.sql(query)]


def test_a_document_agrees_with_itself_though_orders_are_edited_meanwhile(
    busy: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = order_ids(busy)[0]
    before = busy.records.document("salesorder", order_id)
    read = Snapshot.rows
    everything = len(busy.sql("SELECT id FROM transaction"))

    def read_late(self: Snapshot, table: str, column: str, key: int | None) -> list[Row]:
        busy.churn.edit(everything)
        return read(self, table, column, key)

    monkeypatch.setattr(Snapshot, "rows", read_late)
    during = busy.records.document("salesorder", order_id)
    monkeypatch.undo()
    assert during == before
    after = busy.records.document("salesorder", order_id)
    assert after["total"] > before["total"]
    for order in (before, after):
        lines = sum(line["amount"] for line in order["item"]["items"])
        assert lines + order["taxTotal"] == order["total"]


def test_what_was_read_before_a_change_is_forgotten(busy: Simulator) -> None:
    order_id = order_ids(busy)[0]
    path = f"salesorder/{order_id}"
    for number in range(4):  # often enough that the rows about it are kept
        busy.sql("UPDATE currency SET name = ?", [f"Taler {number}"])
        busy.sql("UPDATE transaction SET memo = ? WHERE id = ?", [f"memo {number}", order_id])
        for _ in range(5):
            order = found(busy, path)
            assert order["memo"] == f"memo {number}"
            assert order["currency"]["refName"] == order["currencyName"] == f"Taler {number}"


def test_a_new_column_shows_in_the_next_document(busy: Simulator) -> None:
    [(vendor_id,)] = busy.sql("SELECT max(id) FROM vendor")
    path = f"vendor/{vendor_id}"
    assert "custentity_new" not in found(busy, path)
    busy.sql("ALTER TABLE vendor ADD COLUMN custentity_new VARCHAR")
    busy.sql("UPDATE vendor SET custentity_new = 'now'")
    assert found(busy, path)["custentity_new"] == "now"


def test_a_deleted_record_is_gone_at_once(busy: Simulator) -> None:
    order_id = order_ids(busy)[-1]
    found(busy, f"salesorder/{order_id}")
    busy.sql("DELETE FROM transaction WHERE id = ?", [order_id])
    with pytest.raises(KeyError):
        busy.records.document("salesorder", order_id)


def test_documents_are_the_same_however_they_were_read(busy: Simulator) -> None:
    ids = order_ids(busy)[:8]
    alone = {}
    for order_id in ids:
        busy.sql("UPDATE currency SET name = name")  # nothing is kept
        alone[order_id] = busy.records.document("salesorder", order_id)
    assert {order_id: busy.records.document("salesorder", order_id) for order_id in ids} == alone

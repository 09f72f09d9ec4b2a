"""Orders with more lines than an expanded sublist holds."""

from collections.abc import Iterator
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator, Switches
from tests.simulator.records.asking import RECORDS, asked, found


def long_order(account: Simulator) -> int:
    [(order_id,)] = account.sql(
        "SELECT min(id) FROM transaction WHERE recordtype = 'salesorder' AND foreigntotal > 0"
    )
    account.records.add_lines(order_id, 30)
    account.records.page_size = 10
    return int(order_id)


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as own:
        yield own


@pytest.fixture(scope="module")
def order_id(account: Simulator) -> int:
    return long_order(account)


def item_of(account: Simulator, order_id: int) -> dict[str, Any]:
    item = found(account, f"salesorder/{order_id}", expandSubResources="true")["item"]
    assert isinstance(item, dict)
    return item


def test_added_lines_count(account: Simulator, order_id: int) -> None:
    order = account.records.document("salesorder", order_id)
    lines = order["item"]["items"]
    assert order["item"]["totalResults"] == len(lines) > 30
    assert len({line["line"] for line in lines}) == len(lines)
    assert sum(line["amount"] for line in lines) == order["total"] - order["taxTotal"]
    [(keys, count)] = account.sql("SELECT count(DISTINCT uniquekey), count(*) FROM transactionline")
    assert keys == count


def test_a_long_sublist_is_cut_and_leads_on(account: Simulator, order_id: int) -> None:
    item = item_of(account, order_id)
    assert (item["count"], item["hasMore"], item["offset"]) == (10, True, 0)
    assert item["totalResults"] > len(item["items"]) == 10
    lines = item["items"]
    page = item
    while "next" in (links := {link["rel"]: link["href"] for link in page["links"]}):
        path = links["next"].partition(f"{RECORDS}/")[2]
        page = asked(account, f"{path}&expandSubResources=true").json()
        lines = lines + page["items"]
        assert len(lines) <= item["totalResults"]
    truth = account.records.document("salesorder", order_id)["item"]["items"]
    assert [line["line"] for line in lines] == [line["line"] for line in truth]


@pytest.mark.parametrize(("long_sublist", "counts"), [("more", True), ("total", None)])
def test_what_tells_of_more_lines_is_a_switch(long_sublist: str, counts: bool | None) -> None:  # noqa: FBT001  # None for no word
    switches = Switches.of([f"long_sublist={long_sublist}"])
    with Simulator(transactions=100, switches=switches) as own:
        item = item_of(own, long_order(own))
        assert item.get("hasMore") is counts
        assert [link["rel"] for link in item["links"]] == ["self"]
        assert item["totalResults"] > len(item["items"]) == 10


@pytest.mark.usefixtures("order_id")
def test_a_multi_select_is_cut_too(account: Simulator) -> None:
    [(chosen_id,)] = account.sql(
        "SELECT min(id) FROM transaction WHERE custbody_certificates IS NOT NULL"
        " AND recordtype = 'salesorder'"
    )
    account.sql(
        "UPDATE transaction SET custbody_certificates = '1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2'"
        " WHERE id = ?",
        [chosen_id],
    )
    order = found(account, f"salesorder/{chosen_id}", expandSubResources="true")
    field = order["custbody_certificates"]
    assert (field["count"], field["hasMore"], field["totalResults"]) == (10, True, 12)


def test_what_has_no_lines_cannot_get_any(account: Simulator) -> None:
    [(journal,)] = account.sql("SELECT min(id) FROM transaction WHERE recordtype = 'journalentry'")
    with pytest.raises(ValueError, match="no item line"):
        account.records.add_lines(journal, 3)

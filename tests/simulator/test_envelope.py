import json
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.simulator.envelope import Place, collection
from tests.simulator.client import PATH, ask, column, detail

ORDERED = "SELECT id FROM transaction ORDER BY id ASC"


def envelope(
    limit: int, offset: int, total: int, switches: Switches | None = None
) -> dict[str, Any]:
    place = Place("http://h/s", "http://h/s?as=sent", limit, offset, "POST")
    count = max(0, min(limit, min(total, place.reachable) - offset))
    items = ['{"links":[]}'] * count
    found: dict[str, Any] = json.loads(collection(place, items, total, switches or Switches()))
    return found


def rels(found: dict[str, Any]) -> list[str]:
    return [link["rel"] for link in found["links"]]


def test_the_order_of_the_keys() -> None:
    found = envelope(10, 0, 5)
    assert list(found) == ["links", "count", "hasMore", "items", "offset", "totalResults"]


@pytest.mark.parametrize(
    ("offset", "total", "expected"),
    [
        (0, 5, ["self"]),
        (0, 35, ["next", "last", "self"]),
        (10, 35, ["previous", "first", "next", "last", "self"]),
        (30, 35, ["previous", "first", "self"]),
    ],
)
def test_the_links_of_a_page(offset: int, total: int, expected: list[str]) -> None:
    assert rels(envelope(10, offset, total)) == expected


@pytest.mark.parametrize(("limit", "total", "last"), [(10, 47, 0), (5, 3493, 695)])
def test_the_last_link_is_as_wrong_as_the_servers(limit: int, total: int, last: int) -> None:
    links = {link["rel"]: link for link in envelope(limit, 0, total)["links"]}
    assert links["last"]["href"] == f"http://h/s?limit={limit}&offset={last}"


def test_self_is_the_address_as_it_was_sent() -> None:
    assert envelope(10, 0, 5)["links"] == [
        {"rel": "self", "href": "http://h/s?as=sent", "method": "POST"}
    ]


def test_self_may_come_without_its_method() -> None:
    links = envelope(10, 0, 5, Switches(self_link="bare"))["links"]
    assert links == [{"rel": "self", "href": "http://h/s?as=sent"}]


def test_the_last_link_may_be_right() -> None:
    found = envelope(10, 0, 47, Switches(last_link="right"))
    links = {link["rel"]: link["href"] for link in found["links"]}
    assert links["last"] == "http://h/s?limit=10&offset=40"


def test_the_total_stops_at_a_thousand_pages() -> None:
    found = envelope(5, 4995, 9000)
    assert (found["totalResults"], found["count"], found["hasMore"]) == (5000, 5, False)


@pytest.mark.parametrize(
    ("switches", "total"), [(Switches(), 250_000), (Switches(total="clamped"), 100_000)]
)
def test_no_row_past_the_ceiling(switches: Switches, total: int) -> None:
    assert envelope(1000, 98_000, 250_000, switches)["hasMore"]
    found = envelope(1000, 99_000, 250_000, switches)
    assert (found["totalResults"], found["count"], found["hasMore"]) == (total, 1000, False)


@pytest.mark.parametrize(("choice", "total"), [("true", 100_001), ("clamped", 100_000)])
def test_a_total_past_the_ceiling_by_switch(choice: str, total: int) -> None:
    with Simulator(company=False, switches=Switches.of([f"total={choice}"])) as account:
        account.sql("CREATE TABLE transaction AS SELECT range AS id FROM range(100001)")
        assert ask(account, ORDERED, limit=1000).json()["totalResults"] == total


@pytest.mark.parametrize("answer", ["empty", "refused"])
def test_an_offset_past_the_ceiling_by_switch(answer: str) -> None:
    switches = Switches.of([f"past_ceiling={answer}"])
    with Simulator(company=False, switches=switches) as account:
        account.sql("CREATE TABLE transaction AS SELECT range AS id FROM range(100500)")
        response = ask(account, ORDERED, limit=1000, offset=100_000)
        if answer == "refused":
            assert response.status_code == 400
            assert response.json()["o:errorDetails"][0]["o:errorQueryParam"] == "offset"
        else:
            assert response.json()["items"] == []
            assert response.json()["totalResults"] == 100_500
            assert not response.json()["hasMore"]


@pytest.mark.parametrize("query", [ORDERED, "SELECT id FROM transaction"])
def test_pages_and_totals_of_a_real_result(shared: Simulator, query: str) -> None:
    first = ask(shared, query, limit=900).json()
    assert (first["count"], first["hasMore"], first["totalResults"]) == (900, True, 3000)
    last = ask(shared, query, limit=900, offset=2700).json()
    assert (last["count"], last["hasMore"], last["totalResults"]) == (300, False, 3000)
    beyond = ask(shared, query, limit=900, offset=3600).json()
    assert (beyond["count"], beyond["hasMore"], beyond["totalResults"]) == (0, False, 3000)


def test_ordered_pages_hold_every_row_once(shared: Simulator) -> None:
    found: list[str] = []
    for offset in range(0, 3000, 500):
        found += column(shared, ORDERED, limit=500, offset=offset)
    assert found == [str(number) for number in range(1, 3001)]


@pytest.mark.parametrize(
    ("where", "parameter"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"limit": -1}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": 10, "offset": 5}, "offset"),
        ({"offset": -1000}, "offset"),
        ({"offset": 10**12}, "offset"),
    ],
)
def test_a_limit_or_offset_out_of_bounds_is_refused(
    shared: Simulator, where: dict[str, Any], parameter: str
) -> None:
    response = ask(shared, ORDERED, **where)
    assert response.status_code == 400
    [entry] = response.json()["o:errorDetails"]
    assert (entry["o:errorCode"], entry["o:errorQueryParam"]) == ("INVALID_PARAMETER", parameter)


def test_a_request_has_to_prefer_transient(shared: Simulator) -> None:
    response = ask(shared, ORDERED, headers={"Prefer": "respond-async"})
    assert response.status_code == 400
    assert response.json()["o:errorDetails"][0]["o:errorHeader"] == "Prefer"


def test_the_links_lead_back_here(shared: Simulator) -> None:
    links = {link["rel"]: link["href"] for link in ask(shared, ORDERED, limit=2).json()["links"]}
    assert links["next"] == f"{shared.base_url}{PATH}?limit=2&offset=2"
    assert links["self"] == f"{shared.base_url}{PATH}?limit=2"


def test_why_is_said(shared: Simulator) -> None:
    assert "from 1 to 1000" in detail(ask(shared, ORDERED, limit=2000))

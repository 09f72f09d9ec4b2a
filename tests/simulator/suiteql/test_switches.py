"""The switches of queries and their rows: each answer, from outside."""

from typing import Any

import pytest
import requests

from tap_netsuite_tba.simulator import Simulator, Switches
from tests.simulator.client import ask
from tests.simulator.conftest import TABLES


def answer(query: str, *settings: str) -> requests.Response:
    with Simulator(company=False, switches=Switches.of(settings)) as account:
        account.sql(TABLES)
        return ask(account, query)


def items(query: str, *settings: str) -> list[dict[str, Any]]:
    response = answer(query, *settings)
    assert response.status_code == 200, response.text
    return [
        {key: value for key, value in item.items() if key != "links"}
        for item in response.json()["items"]
    ]


def test_an_expression_may_lose_its_alias() -> None:
    query = (
        "SELECT MAX(id) AS most, 1 + 1, 'a' || 'b' AS text, entity AS e, entity"
        " FROM transaction WHERE id = 3 GROUP BY entity"
    )
    kept = {"most": "3", "expr1": "2", "text": "ab", "e": "3", "entity": "3"}
    assert items(query) == [kept]
    ignored = {"expr1": "3", "expr2": "2", "expr3": "ab", "e": "3", "entity": "3"}
    assert items(query, "aliases=ignored") == [ignored]


def test_a_lost_alias_still_names_a_column_of_a_subselect() -> None:
    query = "SELECT n FROM (SELECT COUNT(*) AS n FROM subsidiary) ORDER BY n ASC"
    assert items(query, "aliases=ignored") == [{"n": "2"}]


def test_a_bad_column_may_be_a_server_error() -> None:
    query = "SELECT nope FROM transaction"
    assert answer(query).status_code == 400
    response = answer(query, "bad_column=500")
    assert response.status_code == 500
    [entry] = response.json()["o:errorDetails"]
    assert entry["o:errorCode"] == "UNEXPECTED_ERROR"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([], "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"),
        (["error_types=2020"], "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.1"),
        (["error_types=w3"], "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.1"),
    ],
)
def test_the_address_in_an_error(settings: list[str], expected: str) -> None:
    assert answer("SELECT nope FROM transaction", *settings).json()["type"] == expected


def test_the_sentence_of_an_error_may_be_its_title() -> None:
    query = "SELECT nope FROM transaction"
    old = answer(query, "error_types=2020").json()
    [today] = answer(query).json()["o:errorDetails"]
    assert (old["title"], old["o:errorCode"]) == (today["detail"], today["o:errorCode"])
    assert "o:errorDetails" not in old


def test_an_offset_in_the_query() -> None:
    query = "SELECT id FROM transaction ORDER BY id ASC OFFSET 5 ROWS FETCH NEXT 2 ROWS ONLY"
    assert answer(query).status_code == 400
    assert items(query, "offset_fetch=accepted") == [{"id": "6"}, {"id": "7"}]


def test_a_semicolon_at_the_end() -> None:
    query = "SELECT id FROM subsidiary ORDER BY id ASC;"
    assert answer(query).status_code == 400
    assert items(query, "semicolon=accepted") == [{"id": "1"}, {"id": "2"}]
    assert answer(f"{query} {query}", "semicolon=accepted").status_code == 400


def test_an_order_without_direction() -> None:
    query = "SELECT id FROM transaction WHERE id <= 900 ORDER BY id"
    expected = [str(number) for number in range(1, 901)]

    def found(*settings: str) -> list[str]:
        return [item["id"] for item in items(query, *settings)]

    assert found() == expected
    shuffled = [found("unordered=shuffled") for _ in range(2)]
    assert shuffled[0] != shuffled[1]
    assert all(sorted(answer, key=int) == expected for answer in shuffled)
    lossy = found("unordered=lost")
    assert len(lossy) == 810
    assert set(lossy) < set(expected)
    with_direction = items(f"{query} ASC", "unordered=lost")
    assert [item["id"] for item in with_direction] == expected


def test_lost_rows_are_missing_from_the_total_too() -> None:
    answered = answer("SELECT id FROM subsidiary ORDER BY name", "unordered=lost").json()
    assert (answered["count"], answered["totalResults"], answered["hasMore"]) == (1, 1, False)


def test_numbers_may_be_numbers() -> None:
    query = (
        "SELECT id, foreigntotal, tranid, trandate, memo, id / 8 AS eighth, COUNT(*) AS n"
        " FROM transaction WHERE id = 1 GROUP BY id, foreigntotal, tranid, trandate, memo"
    )
    shared = {"tranid": "INV1", "trandate": "1/2/2026"}
    typed = {"id": 1, "foreigntotal": -8.5, "eighth": 0.125, "n": 1}
    strings = {name: str(value) for name, value in typed.items()}
    assert items(query) == [shared | strings]
    assert items(query, "values=typed") == [shared | typed]
    assert items(query, "values=typed", "numbers=oracle") == [shared | typed]


def test_more_than_a_hundred_columns() -> None:
    columns = ", ".join(f"id AS c{number}" for number in range(101))
    query = f"SELECT {columns} FROM transaction WHERE id = 1"  # noqa: S608  # a test's own
    assert items(query) == []
    [row] = items(query, "wide=served")
    assert len(row) == 101


WITH = (
    "WITH first AS (SELECT id, name FROM subsidiary WHERE id < 3),"
    " second AS (SELECT MAX(id) AS most FROM first)"
    " SELECT f.name FROM first f, second WHERE f.id = second.most"
)


def test_a_query_may_begin_with_with() -> None:
    assert answer(WITH).status_code == 400
    assert items(WITH, "with_clause=accepted") == [{"name": "South"}]


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE r AS (SELECT 1 AS n FROM dual) SELECT n FROM r",
        "WITH r AS (SELECT n FROM r) SELECT n FROM r",
        "WITH r (n) AS (SELECT 1 FROM dual) SELECT n FROM r",
    ],
)
def test_a_with_of_another_kind_is_refused(query: str) -> None:
    assert answer(query, "with_clause=accepted").status_code == 400


@pytest.mark.parametrize("function", ["TO_DATE", "TO_TIMESTAMP"])
def test_the_hour_that_spring_skips_may_be_refused(function: str) -> None:
    clocks = {
        "2026-03-08 01:59": 200,
        "2026-03-08 02:00": 400,
        "2026-03-08 02:59": 400,
        "2026-03-08 03:00": 200,
        "2026-11-01 01:30": 200,
    }
    with Simulator(company=False, switches=Switches(missing_hour="refused")) as account:
        account.sql(TABLES)

        def since(clock: str, column: str = "lastmodifieddate") -> int:
            literal = f"{function}('{clock}', 'YYYY-MM-DD HH24:MI')"
            query = f"SELECT id FROM transaction WHERE {column} >= {literal}"  # noqa: S608  # a test's own
            return ask(account, query, limit=1).status_code

        assert {clock: since(clock) for clock in clocks} == clocks
        assert since("2026-03-08 02:30", "SYS_EXTRACT_UTC(lastmodifieddate)") == 200
        assert since("2026-03-08 02:30", "trandate") == 200


def test_the_hour_that_spring_skips_is_read_as_the_next() -> None:
    query = (
        "SELECT COUNT(*) AS n FROM transaction WHERE lastmodifieddate >="
        " TO_DATE('2026-03-08 {}', 'YYYY-MM-DD HH24:MI')"
    )
    assert items(query.format("02:30")) == items(query.format("03:30"))
    refused = answer(query.format("02:30"), "missing_hour=refused")
    assert "Invalid or unsupported search" in refused.text


def test_a_date_has_no_time_zone_for_sys_extract_utc() -> None:
    query = (
        "SELECT TO_CHAR(SYS_EXTRACT_UTC(trandate), 'YYYY-MM-DD HH24') AS t FROM transaction"
        " WHERE id = 1"
    )
    assert "Invalid or unsupported search" in answer(query).text
    assert items(query, "utc_of_date=accepted") == [{"t": "2026-01-02 08"}]


def test_a_reserved_word_may_be_no_alias() -> None:
    query = "SELECT trandate AS {} FROM transaction WHERE id = 1"
    assert items(query.format("date")) == [{"date": "1/2/2026"}]
    assert answer(query.format("Date"), "reserved_alias=refused").status_code == 400
    for alias in ('"DATE"', "date_"):
        assert answer(query.format(alias), "reserved_alias=refused").status_code == 200

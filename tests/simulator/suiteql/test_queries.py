"""What a query finds, and in which order."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import ask, column, rows

NUMBERS = [str(number) for number in range(1, 3001)]


def test_a_range_of_keys(shared: Simulator) -> None:
    query = "SELECT t.id FROM transaction t WHERE t.id > 5 AND t.id <= 9 ORDER BY t.id ASC"
    assert column(shared, query) == ["6", "7", "8", "9"]
    assert column(shared, query.replace("5", "7")) == ["8", "9"]


def test_page_ends_by_row_number(shared: Simulator) -> None:
    query = (
        "SELECT k FROM (SELECT t.id k, ROW_NUMBER() OVER (ORDER BY t.id ASC) n FROM transaction t"
        " WHERE t.id > 5) WHERE MOD(n, 990) = 0 AND n <= 15840 ORDER BY k ASC"
    )
    assert column(shared, query) == ["995", "1985", "2975"]


def test_lines_with_their_transaction(shared: Simulator) -> None:
    query = (
        "SELECT t.uniquekey, p.tranid FROM transactionline t LEFT JOIN transaction p"
        " ON p.id = t.transaction WHERE t.uniquekey IN (2999, 3000) ORDER BY t.uniquekey DESC"
    )
    assert rows(shared, query) == [
        {"uniquekey": "3000", "tranid": "INV1"},
        {"uniquekey": "2999", "tranid": "INV3000"},
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            ("SELECT s.name FROM transaction t, subsidiary s WHERE s.id = t.id AND t.id < 2"),
            ["North"],
        ),
        (
            (
                "SELECT id FROM transaction WHERE id = 1 UNION ALL SELECT id FROM subsidiary"
                " ORDER BY id DESC"
            ),
            ["2", "1", "1"],
        ),
        (
            (
                "SELECT id FROM transaction WHERE id = 1 UNION SELECT id FROM subsidiary"
                " ORDER BY 1 ASC"
            ),
            ["1", "2"],
        ),
        (
            ("SELECT DISTINCT entity FROM transaction WHERE entity < 3 ORDER BY entity DESC"),
            ["2", "1", "0"],
        ),
        ("SELECT COUNT(*) AS n FROM transaction GROUP BY entity HAVING MIN(id) = 4", ["300"]),
        ("SELECT COUNT(DISTINCT entity) AS n FROM transaction", ["10"]),
        (
            (
                "SELECT entity FROM transaction GROUP BY entity ORDER BY COUNT(*) ASC, MAX(id) DESC"
                " FETCH FIRST 2 ROWS ONLY"
            ),
            ["0", "9"],
        ),
        ("SELECT TOP 2 id FROM transaction ORDER BY id DESC", ["3000", "2999"]),
        (
            ("SELECT id FROM transaction WHERE id > 7 ORDER BY tranid ASC FETCH FIRST 2 ROWS ONLY"),
            ["10", "100"],
        ),
        (
            (
                "SELECT id FROM transaction t WHERE EXISTS (SELECT 1 FROM subsidiary s"
                " WHERE s.id = t.id) ORDER BY id ASC"
            ),
            ["1", "2"],
        ),
        (
            (
                "SELECT id FROM transaction t WHERE id IN (SELECT s.id FROM subsidiary s)"
                " AND NOT id = 2"
            ),
            ["1"],
        ),
        ("SELECT id FROM transaction WHERE memo IS NOT NULL AND id BETWEEN 3 AND 5", ["3"]),
        (
            ("SELECT id FROM transaction WHERE tranid LIKE 'INV12_' AND id <> 121 AND entity = 5"),
            ["125"],
        ),
        ("SELECT (SELECT MAX(name) FROM subsidiary) AS n FROM dual", ["South"]),
        (
            (
                "SELECT id FROM transaction WHERE (id, entity) IN (SELECT id, id FROM subsidiary)"
                " ORDER BY id ASC"
            ),
            ["1", "2"],
        ),
        (
            ("SELECT BUILTIN.DF(s.subsidiary) AS n FROM (SELECT 2 AS subsidiary FROM dual) s"),
            ["South"],
        ),
        ("SELECT BUILTIN.DF(entity) AS n FROM transaction WHERE id = 7", ["7"]),
        ("SELECT TranID FROM TRANSACTION T WHERE t.ID = 7 -- a comment with ' and ?", ["INV7"]),
        ("SELECT name FROM subsidiary WHERE name = 'O''Brien' OR name = 'North'", ["North"]),
        (
            ("SELECT MAX(id) OVER (PARTITION BY entity) AS m FROM transaction WHERE id IN (3, 13)"),
            ["13", "13"],
        ),
    ],
)
def test_what_a_query_finds(shared: Simulator, query: str, found: list[str]) -> None:
    assert column(shared, query) == found


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM transaction WHERE id <= 900",
        "SELECT id FROM transaction WHERE id <= 900 ORDER BY posting",
        "SELECT id FROM transaction WHERE id <= 900 ORDER BY posting ASC",
    ],
)
def test_what_has_no_promised_order_comes_in_another_each_time(
    shared: Simulator, query: str
) -> None:
    answers = [column(shared, query) for _ in range(3)]
    assert all(sorted(answer, key=int) == NUMBERS[:900] for answer in answers)
    assert len({tuple(answer) for answer in answers}) == 3


@pytest.mark.parametrize("order", ["", " ORDER BY posting ASC"])
def test_offset_paging_without_a_unique_order_loses_rows(shared: Simulator, order: str) -> None:
    found: list[str] = []
    for offset in (0, 1000, 2000):
        found += column(shared, "SELECT id FROM transaction" + order, limit=1000, offset=offset)  # noqa: S608  # a test's own
    assert len(found) == 3000
    assert len(set(found)) < 3000


def test_paging_by_key_reads_every_row_without_asc_too(shared: Simulator) -> None:
    found = ["0"]
    while page := column(
        shared,
        f"SELECT t.id FROM transaction t WHERE t.id > {found[-1]} ORDER BY t.entity * 0, t.id",  # noqa: S608  # a test's own
        limit=700,
    ):
        found += page
    assert found[1:] == NUMBERS


def test_ties_are_shuffled_inside_their_group_only(shared: Simulator) -> None:
    query = "SELECT entity, id FROM transaction WHERE id <= 900 ORDER BY entity ASC"
    answers = [rows(shared, query) for _ in range(2)]
    assert answers[0] != answers[1]
    for answer in answers:
        entities = [int(row["entity"]) for row in answer]
        assert entities == sorted(entities)


def test_nulls_are_greatest(shared: Simulator) -> None:
    query = "SELECT id FROM transaction WHERE id IN (2, 3) ORDER BY memo"
    assert column(shared, f"{query} ASC") == ["3", "2"]
    assert column(shared, f"{query} DESC") == ["2", "3"]
    assert column(shared, f"{query} DESC NULLS LAST") == ["3", "2"]


def test_a_table_that_comes_later_is_found(account: Simulator) -> None:
    query = "SELECT id FROM customrecord_new"
    assert ask(account, query).status_code == 400
    account.sql("CREATE TABLE customrecord_new AS SELECT 1 AS id")
    assert column(account, query) == ["1"]
    account.sql("ALTER TABLE customrecord_new ADD COLUMN name VARCHAR DEFAULT 'x'")
    assert rows(account, "SELECT * FROM customrecord_new") == [{"id": "1", "name": "x"}]


def test_pages_far_into_a_result_go_on_where_the_one_before_ended(shared: Simulator) -> None:
    for query in (
        "SELECT id, memo FROM transaction WHERE id > 10 ORDER BY entity DESC, id ASC",
        "SELECT t.id FROM transaction t, subsidiary s WHERE s.id = 1 ORDER BY entity ASC, t.id ASC",
        "SELECT id, COUNT(*) AS n FROM transaction GROUP BY id ORDER BY MAX(entity) ASC, id ASC",
    ):
        pages = [rows(shared, query, limit=500, offset=start) for start in range(0, 3000, 500)]
        whole = [row for offset in (0, 1000, 2000) for row in rows(shared, query, offset=offset)]
        assert [row for page in pages for row in page] == whole
        keys = [(int(row["id"]) % 10, int(row["id"])) for row in whole]
        way = -1 if "DESC" in query else 1
        assert keys == sorted(keys, key=lambda key: (way * key[0], key[1]))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT s.ID id, s.name FROM subsidiary s ORDER BY s.id ASC",
        "SELECT DISTINCT s.ID AS number, name FROM subsidiary s ORDER BY Id ASC",
        "SELECT DISTINCT ID, name FROM subsidiary S ORDER BY s.id ASC",
        "SELECT DISTINCT UPPER(name) AS big, id FROM subsidiary s ORDER BY upper(S.Name) ASC",
    ],
)
def test_a_sort_key_may_repeat_a_column_in_other_letters(shared: Simulator, query: str) -> None:
    assert len(rows(shared, query)) == 2


def test_distinct_rows_are_sorted_only_by_what_they_have(shared: Simulator) -> None:
    response = ask(shared, "SELECT DISTINCT name FROM subsidiary ORDER BY id ASC")
    assert response.status_code == 400


def test_a_text_without_characters_is_null(shared: Simulator) -> None:
    conditions = {
        "name <> ''": 0,
        "name = ''": 0,
        "name NOT IN ('', 'North')": 0,
        "name IN ('', 'North')": 1,
        "'' IS NULL": 2,
        "name || '' IS NOT NULL": 2,
        "NULLIF(name, 'North') IS NULL": 1,
        "NULLIF('', 'North') IS NULL": 2,
        "n = 'x'": 0,
    }
    query = "SELECT id FROM (SELECT id, name, '' AS n FROM subsidiary) WHERE {}"
    found = {text: len(rows(shared, query.format(text))) for text in conditions}
    assert found == conditions
    assert rows(shared, "SELECT id FROM subsidiary WHERE name <> ?", "") == []


def test_a_table_made_of_others_rows_has_pages(account: Simulator) -> None:
    account.sql("CREATE VIEW customrecord_all AS SELECT id, id % 7 AS n FROM transaction")
    query = "SELECT id FROM customrecord_all ORDER BY n ASC, id ASC"
    found = [each for start in (0, 1000, 2000) for each in column(account, query, offset=start)]
    assert found == sorted(NUMBERS, key=lambda number: (int(number) % 7, int(number)))

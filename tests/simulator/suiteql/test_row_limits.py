"""ROWNUM, TOP and FETCH FIRST."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, refusal, rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT id FROM {sorted} WHERE id > 10 AND ROWNUM <= 3 ORDER BY id DESC", "13 12 11"),
        ("SELECT id FROM {sorted} WHERE id > 10 AND rownum < 3 ORDER BY id ASC", "11 12"),
        ("SELECT id FROM {sorted} WHERE (3) > ROWNUM AND 1 <= ROWNUM ORDER BY id ASC", "1 2"),
        ("SELECT id FROM {sorted} WHERE (ROWNUM BETWEEN 0 AND 2.5) ORDER BY id ASC", "1 2"),
        ("SELECT id FROM {sorted} WHERE ROWNUM = 1", "1"),
        ("SELECT COUNT(*) AS n FROM transaction WHERE ROWNUM <= 10", "10"),
        ("SELECT SUM(t.id) AS n FROM {sorted} t WHERE t.id > 5 AND ROWNUM <= 2", "13"),
        (
            (
                "SELECT COUNT(t.id) AS n FROM transaction t LEFT JOIN subsidiary s ON s.id = t.id"
                " WHERE ROWNUM <= 10"
            ),
            "10",
        ),
        (
            (
                "SELECT COUNT(t.id) AS n FROM transaction t, subsidiary s WHERE t.id = s.id(+)"
                " AND ROWNUM <= 10"
            ),
            "10",
        ),
        (
            (
                "SELECT entity FROM {sorted} t WHERE ROWNUM <= 12 GROUP BY entity"
                " HAVING COUNT(*) > 1 ORDER BY t.entity ASC"
            ),
            "1 2",
        ),
        (
            (
                "SELECT (SELECT entity FROM transaction t WHERE t.entity = s.id AND ROWNUM = 1)"
                " AS e FROM subsidiary s ORDER BY s.id ASC"
            ),
            "1 2",
        ),
        (
            (
                "SELECT id FROM (SELECT id FROM transaction ORDER BY id DESC) WHERE ROWNUM <= 2"
                " ORDER BY id DESC"
            ),
            "3000 2999",
        ),
        (
            (
                "SELECT id FROM (SELECT x.*, ROWNUM AS r FROM (SELECT id FROM transaction"
                " ORDER BY id DESC) x) WHERE r BETWEEN 3 AND 4 ORDER BY id DESC"
            ),
            "2998 2997",
        ),
        (
            (
                "SELECT id FROM transaction WHERE id IN (SELECT s.id FROM subsidiary s"
                " WHERE s.id > 1 AND ROWNUM <= 1) GROUP BY id"
            ),
            "2",
        ),
        ("SELECT TOP 2 id FROM transaction ORDER BY id DESC", "3000 2999"),
        ("SELECT DISTINCT TOP 2 entity FROM transaction ORDER BY entity DESC", "9 8"),
        ("SELECT id FROM transaction ORDER BY id DESC FETCH FIRST 2 ROWS ONLY", "3000 2999"),
        ("SELECT id FROM transaction ORDER BY id DESC FETCH NEXT 1 ROW ONLY", "3000"),
        ("SELECT id FROM transaction ORDER BY id DESC FETCH FIRST ROW ONLY", "3000"),
        (
            (
                "SELECT MAX(id) AS m FROM (SELECT id FROM transaction ORDER BY id ASC"
                " FETCH FIRST 7 ROWS ONLY)"
            ),
            "7",
        ),
    ],
)
def test_how_many_rows_are_taken(shared: Simulator, query: str, found: str) -> None:
    inner = "(SELECT id, entity FROM transaction ORDER BY id ASC)"
    assert column(shared, query.format(sorted=inner)) == found.split()


@pytest.mark.parametrize(
    "condition",
    ["ROWNUM > 1", "ROWNUM = 2", "ROWNUM BETWEEN 2 AND 5", "ROWNUM >= 2 AND id > 0", "ROWNUM = 0"],
)
def test_no_row_is_the_second_without_a_first(shared: Simulator, condition: str) -> None:
    assert rows(shared, "SELECT id FROM transaction WHERE " + condition) == []  # noqa: S608  # a test's own


def test_rows_are_numbered_before_they_are_sorted(shared: Simulator) -> None:
    query = (
        "SELECT id, ROWNUM AS n FROM (SELECT id FROM transaction WHERE id > 5 ORDER BY id ASC)"
        " WHERE ROWNUM <= 2 ORDER BY id DESC"
    )
    assert rows(shared, query) == [{"id": "7", "n": "2"}, {"id": "6", "n": "1"}]


def test_a_parameter_may_say_how_many(shared: Simulator) -> None:
    query = "SELECT COUNT(*) AS n FROM transaction WHERE ROWNUM <= ?"
    assert column(shared, query, 7) == column(shared, query, "7") == ["7"]


@pytest.mark.parametrize(
    "condition",
    [
        "ROWNUM IN (1, 2, 5)",
        "ROWNUM <> 3",
        "MOD(ROWNUM, 2) = 1",
        "NOT ROWNUM > 3",
        "id = 8 OR ROWNUM = 1",
        "ROWNUM = id",
        "ROWNUM <= (SELECT MAX(s.id) FROM subsidiary s)",
        "ROWNUM = ROWNUM",
        "ROWNUM + 1 < 3",
        "2 BETWEEN ROWNUM AND 3",
        "ROWNUM BETWEEN 1 AND id",
        "ROWNUM IS NOT NULL",
        "CASE WHEN ROWNUM < 3 THEN 1 ELSE 0 END = 1",
    ],
)
def test_rows_are_counted_by_simple_comparisons_alone(shared: Simulator, condition: str) -> None:
    refused = refusal(shared, "SELECT id FROM transaction WHERE " + condition)  # noqa: S608  # a test's own
    assert refused == "Search error occurred: Invalid or unsupported search."


@pytest.mark.parametrize(
    "query",
    [
        "SELECT TOP 20 id FROM transaction",
        "SELECT DISTINCT TOP 20 id FROM transaction",
        "SELECT id FROM transaction FETCH FIRST 20 ROWS ONLY",
        "SELECT id FROM transaction ORDER BY posting ASC FETCH FIRST 20 ROWS ONLY",
        (
            "SELECT id FROM transaction UNION ALL SELECT id + 3000 FROM transaction"
            " FETCH FIRST 20 ROWS ONLY"
        ),
        "SELECT id FROM transaction WHERE ROWNUM <= 20",
        "SELECT id FROM transaction WHERE ROWNUM <= 20 GROUP BY id",
        "SELECT t.id FROM transaction t LEFT JOIN subsidiary s ON s.id = t.id WHERE ROWNUM <= 20",
        "SELECT s.id FROM (SELECT id FROM transaction FETCH FIRST 20 ROWS ONLY) s",
        "SELECT id FROM (SELECT id, ROWNUM AS n FROM transaction) WHERE n BETWEEN 101 AND 120",
        "SELECT id FROM (SELECT id FROM transaction ORDER BY posting ASC) WHERE ROWNUM <= 20",
    ],
)
def test_without_an_order_other_rows_are_the_first_each_time(shared: Simulator, query: str) -> None:
    answers = [column(shared, query) for _ in range(3)]
    assert [len(set(answer)) for answer in answers] == [20, 20, 20]
    assert len({tuple(sorted(answer)) for answer in answers}) == 3


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM {} WHERE ROWNUM <= 20",
        "SELECT id FROM {} FETCH FIRST 20 ROWS ONLY",
        "SELECT id FROM (SELECT s.id, s.entity FROM {} s) WHERE ROWNUM <= 20",
        "SELECT id FROM (SELECT s.id, ROWNUM AS n FROM {} s) WHERE n <= 20",
    ],
)
def test_an_inner_order_says_which_rows_are_the_first(shared: Simulator, query: str) -> None:
    inner = "(SELECT id, entity FROM transaction ORDER BY id ASC)"
    assert sorted(map(int, column(shared, query.format(inner)))) == list(range(1, 21))


def test_numbers_and_conditions_agree_on_the_order(shared: Simulator) -> None:
    query = "SELECT id, ROWNUM AS n FROM transaction WHERE ROWNUM <= 50 ORDER BY ROWNUM ASC"
    assert [row["n"] for row in rows(shared, query)] == [str(n) for n in range(1, 51)]

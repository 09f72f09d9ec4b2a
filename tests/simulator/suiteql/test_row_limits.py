"""ROWNUM, TOP and FETCH FIRST."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT id FROM transaction WHERE id > 10 AND ROWNUM <= 3 ORDER BY id DESC", "13 12 11"),
        ("SELECT id FROM transaction WHERE id > 10 AND rownum < 3 ORDER BY id ASC", "11 12"),
        ("SELECT id FROM transaction WHERE ROWNUM = 1", "1"),
        ("SELECT id FROM transaction WHERE id = 8 OR ROWNUM = 1 ORDER BY id ASC", "1 8"),
        ("SELECT COUNT(*) AS n FROM transaction WHERE ROWNUM <= 10", "10"),
        ("SELECT SUM(t.id) AS n FROM transaction t WHERE t.id > 5 AND ROWNUM <= 2", "13"),
        (
            (
                "SELECT COUNT(s.id) AS n FROM transaction t LEFT JOIN subsidiary s ON s.id = t.id"
                " WHERE ROWNUM <= 10"
            ),
            "2",
        ),
        (
            (
                "SELECT entity FROM transaction t WHERE ROWNUM <= 12 GROUP BY entity"
                " HAVING COUNT(*) > 1 ORDER BY t.entity ASC"
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
                " WHERE ROWNUM <= 1) GROUP BY id"
            ),
            "1",
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
    assert column(shared, query) == found.split()


@pytest.mark.parametrize(
    "condition",
    ["ROWNUM > 1", "ROWNUM = 2", "ROWNUM BETWEEN 2 AND 5", "ROWNUM >= 2 AND id > 0", "ROWNUM = 0"],
)
def test_no_row_is_the_second_without_a_first(shared: Simulator, condition: str) -> None:
    assert rows(shared, "SELECT id FROM transaction WHERE " + condition) == []  # noqa: S608  # a test's own


def test_rows_are_numbered_before_they_are_sorted(shared: Simulator) -> None:
    query = "SELECT id, ROWNUM AS n FROM transaction WHERE id > 5 AND ROWNUM <= 2 ORDER BY id DESC"
    assert rows(shared, query) == [{"id": "7", "n": "2"}, {"id": "6", "n": "1"}]

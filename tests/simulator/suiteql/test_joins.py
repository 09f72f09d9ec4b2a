"""Joins, in the standard's syntax and in Oracle's, never both."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import refusal, rows

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."
NAMES = [{"id": "1", "name": "North"}, {"id": "2", "name": "South"}, {"id": "3"}]


@pytest.mark.parametrize(
    "joined",
    [
        "transaction t LEFT JOIN subsidiary s ON s.id = t.id WHERE t.id < 4",
        "transaction t LEFT OUTER JOIN subsidiary s ON (s.id = t.id) WHERE t.id < 4",
        "subsidiary s RIGHT JOIN transaction t ON s.id = t.id WHERE t.id < 4",
        "transaction t, subsidiary s WHERE t.id = s.id(+) AND t.id < 4",
        "subsidiary s, transaction t WHERE ((t.id < 4) AND (t.id = s.id (+)))",
    ],
)
def test_an_outer_join_keeps_the_rows_without_a_partner(shared: Simulator, joined: str) -> None:
    assert rows(shared, f"SELECT t.id, s.name FROM {joined} ORDER BY t.id ASC") == NAMES  # noqa: S608  # a test's own


def test_a_marked_condition_belongs_to_its_join(shared: Simulator) -> None:
    query = (
        "SELECT t.id, s.name FROM transaction t, subsidiary s"
        " WHERE t.id = s.id(+) AND s.name(+) = 'South' AND t.id < 4 ORDER BY t.id ASC"
    )
    assert rows(shared, query) == [{"id": "1"}, {"id": "2", "name": "South"}, {"id": "3"}]


@pytest.mark.parametrize(
    "joined",
    [
        "transaction t JOIN subsidiary s ON s.id = t.id",
        "transaction t INNER JOIN subsidiary s ON s.id = t.id",
        "transaction t CROSS JOIN subsidiary s WHERE s.id = t.id",
        "transaction t, subsidiary s WHERE s.id = t.id",
        "transaction t, (SELECT id FROM subsidiary) s WHERE s.id = t.id",
    ],
)
def test_an_inner_join_needs_a_partner(shared: Simulator, joined: str) -> None:
    assert rows(shared, f"SELECT COUNT(*) AS n FROM {joined}") == [{"n": "2"}]  # noqa: S608  # a test's own


def test_a_full_join_keeps_both_sides(shared: Simulator) -> None:
    query = (
        "SELECT COUNT(a.id) AS a, COUNT(s.id) AS b, COUNT(*) AS n"
        " FROM (SELECT id FROM transaction WHERE id BETWEEN 2 AND 5) a"
        " FULL JOIN subsidiary s ON s.id = a.id"
    )
    assert rows(shared, query) == [{"a": "4", "b": "2", "n": "5"}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT t.id FROM transaction t, subsidiary s WHERE s.id(+) = t.id",
        "SELECT t.id FROM transaction t, subsidiary s WHERE t.id(+) = s.id(+)",
        "SELECT t.id FROM transaction t, subsidiary s WHERE t.id = s.id(+) OR t.id = 1",
        "SELECT t.id FROM transaction t, subsidiary s WHERE s.id(+) IN (SELECT 1 FROM dual)",
        "SELECT t.id FROM transaction t LEFT JOIN subsidiary s ON s.id = t.id WHERE s.id(+) = 1",
        "SELECT t.id FROM transaction t WHERE t.id(+) = 1",
        "SELECT t.id FROM transaction t, subsidiary s JOIN subsidiary r ON r.id = s.id",
    ],
)
def test_joins_that_suiteql_does_not_have(shared: Simulator, query: str) -> None:
    assert refusal(shared, query) == UNSUPPORTED

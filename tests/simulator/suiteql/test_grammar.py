"""The forms that SuiteQL takes beyond the simplest."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT id FROM transaction WHERE id ^= 1 AND id != 2 AND id <> 3 AND id < 5", "4"),
        ("select ID\r\nfrom\tTransaction /* all */ where Id=4 -- one", "4"),
        ("SELECT q'[it's]' || n'!' AS v FROM dual", "it's!"),
        ("SELECT id FROM transaction WHERE memo NOT IN ('x', NULL)", ""),
        ("SELECT id FROM transaction WHERE (id, entity) IN ((3, 3), (4, 5), (15, 5))", "15 3"),
        ("SELECT id FROM transaction WHERE id IN ((3)) OR (id) IN (5)", "3 5"),
        (r"SELECT id FROM transaction WHERE memo LIKE 'say \_%' ESCAPE '\'", ""),
        ("SELECT id FROM transaction WHERE memo LIKE 'say !\"%' ESCAPE '!' AND id = 3", "3"),
        ("SELECT id FROM transaction WHERE NOT id BETWEEN 2 AND 9999", "1"),
        ("SELECT id FROM transaction WHERE id between 1.5\nand\t3 AND id BETWEEN 3 AND id", "3"),
        ("SELECT id FROM transaction WHERE id BETWEEN 1 AND 2 + 1 AND id NOT BETWEEN 1 AND 2", "3"),
        (
            "SELECT id FROM transaction WHERE id BETWEEN 1 AND .5 + 1.5 AND id BETWEEN 2 AND 1e3",
            "2",
        ),
        (
            (
                "SELECT SUM(id) OVER (ORDER BY id ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"
                " AS s FROM transaction WHERE id <= 3"
            ),
            "1 3 5",
        ),
        (
            (
                "SELECT id FROM (SELECT id FROM transaction WHERE id < 4 INTERSECT"
                " SELECT s.id FROM subsidiary s) MINUS SELECT 1 FROM dual"
            ),
            "2",
        ),
        ("SELECT COUNT(*) AS n FROM transaction GROUP BY 'all'", "3000"),
        ("SELECT COUNT(*) AS n FROM transaction GROUP BY 7", "3000"),
        ("SELECT MAX(id) AS m FROM transaction HAVING COUNT(*) > 1", "3000"),
        ("SELECT UNIQUE posting FROM transaction", "T"),
        ('SELECT "T"."ID" AS "Number" FROM transaction T WHERE T.id = 4', "4"),
    ],
)
def test_what_is_taken(shared: Simulator, query: str, found: str) -> None:
    assert sorted(column(shared, query)) == found.split()


def test_all_columns_of_a_table(shared: Simulator) -> None:
    query = "SELECT s.*, t.id AS transaction FROM subsidiary s JOIN transaction t ON t.id = s.id"
    expected = [
        {"id": "1", "name": "North", "transaction": "1"},
        {"id": "2", "name": "South", "transaction": "2"},
    ]
    assert rows(shared, query + " ORDER BY s.id ASC") == expected
    assert rows(shared, "SELECT *, ROWNUM AS r FROM subsidiary WHERE id = 2") == [
        {"id": "2", "name": "South", "r": "1"}
    ]


def test_sort_keys_of_every_kind(shared: Simulator) -> None:
    query = "SELECT id AS n, entity FROM transaction WHERE id IN (9, 10, 11) ORDER BY "
    for keys, expected in {
        "1 DESC": ["11", "10", "9"],
        "N ASC": ["9", "10", "11"],
        "entity ASC": ["10", "11", "9"],
        "MOD(id, 10) DESC, 1 ASC": ["9", "11", "10"],
        "CASE WHEN id = 10 THEN NULL ELSE id END DESC NULLS LAST": ["11", "9", "10"],
    }.items():
        assert [row["n"] for row in rows(shared, query + keys)] == expected

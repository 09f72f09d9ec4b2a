"""What functions of groups and windows return: Oracle's answers."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import refusal, rows
from tests.simulator.suiteql.answers import answers

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."


def test_functions_of_groups_and_groups_of_functions(shared: Simulator) -> None:
    query = (
        "SELECT TO_CHAR(lastmodifieddate, 'YYYY-Q') AS quarter, MOD(entity, 2) AS odd,"
        " TO_CHAR(COUNT(*), 'FM9,999') AS n, NVL(GREATEST(MAX(id), 10), 0) AS top"
        " FROM transaction WHERE id <= 2500 GROUP BY TO_CHAR(lastmodifieddate, 'YYYY-Q'),"
        " MOD(entity, 2) HAVING COUNT(*) > 1000"
        " ORDER BY TO_CHAR(lastmodifieddate, 'YYYY-Q') ASC, MOD(entity, 2) DESC"
    )
    assert rows(shared, query) == [
        {"n": "1,070", "odd": "1", "quarter": "2026-1", "top": "2139"},
        {"n": "1,069", "odd": "0", "quarter": "2026-1", "top": "2138"},
    ]


ANALYTIC = {
    "RANK() OVER (ORDER BY n ASC)": ["1", "2", "2", "4"],
    "DENSE_RANK() OVER (ORDER BY n ASC)": ["1", "2", "2", "3"],
    "ROW_NUMBER() OVER (PARTITION BY n ORDER BY id ASC)": ["1", "1", "2", "1"],
    "LAG(n) OVER (ORDER BY id ASC)": [None, "10", "20", "20"],
    "LAG(n, 2, 0) OVER (ORDER BY id ASC)": ["0", "0", "10", "20"],
    "LEAD(t, 1, 'none') OVER (ORDER BY id ASC)": [None, "c", "d", "none"],
    "NTILE(2) OVER (ORDER BY id ASC)": ["1", "1", "2", "2"],
    "FIRST_VALUE(t) OVER (ORDER BY id DESC)": ["d", "d", "d", "d"],
    "LAST_VALUE(t) IGNORE NULLS OVER (ORDER BY id ASC)": ["a", "a", "c", "d"],
    "LAST_VALUE(t IGNORE NULLS) OVER (ORDER BY id ASC)": ["a", "a", "c", "d"],
    "SUM(n) OVER (ORDER BY id ASC)": ["10", "30", "50", "80"],
    "SUM(n) OVER (ORDER BY id ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)": [
        *("10", "30", "40", "50"),
    ],
    "MAX(n) OVER ()": ["30", "30", "30", "30"],
    "ROUND(VARIANCE(n) OVER (), 3)": ["66.667", "66.667", "66.667", "66.667"],
    "PERCENT_RANK() OVER (ORDER BY id ASC)": [
        *("0", "0.3333333333333333", "0.6666666666666666", "1"),
    ],
}
SOURCE = (
    "(SELECT 1 AS id, 10 AS n, 'a' AS t FROM dual UNION ALL SELECT 2, 20, NULL FROM dual"
    " UNION ALL SELECT 3, 20, 'c' FROM dual UNION ALL SELECT 4, 30, 'd' FROM dual)"
)


def test_functions_of_a_window(shared: Simulator) -> None:
    items = ", ".join(f"{text} AS c{index}" for index, text in enumerate(ANALYTIC))
    found = rows(shared, f"SELECT id, {items} FROM {SOURCE} ORDER BY id ASC")  # noqa: S608  # a test's own
    assert {
        text: [row.get(f"c{index}") for row in found] for index, text in enumerate(ANALYTIC)
    } == ANALYTIC


def test_aggregates(shared: Simulator) -> None:
    expected = {
        "COUNT(t)": "3",
        "COUNT(DISTINCT n)": "3",
        "SUM(n)": "80",
        "AVG(n)": "20",
        "MEDIAN(n)": "20",
        "MIN(t)": "a",
        "MAX(t)": "d",
        "ROUND(STDDEV(n), 6)": "8.164966",
        "ROUND(VARIANCE(n), 6)": "66.666667",
        "ROUND(VAR_POP(n), 9)": "50",
        "STATS_MODE(n)": "20",
        "ROUND(CORR(id, id), 9)": "1",
        "APPROX_COUNT_DISTINCT(n)": "3",
        "NVL(SUM(n), 0) + 1": "81",
    }
    assert answers(shared, expected, SOURCE) == expected


def test_the_spread_of_a_single_value_is_zero_but_a_samples_is_null(shared: Simulator) -> None:
    expected = {
        "STDDEV(7)": "0",
        "VARIANCE(7)": "0",
        "STDDEV_SAMP(7)": None,
        "VAR_SAMP(7)": None,
        "STDDEV(NULL)": None,
        "VARIANCE(DISTINCT 7)": "0",
    }
    assert answers(shared, expected) == expected


@pytest.mark.parametrize("expression", ["RANK() OVER ()", "LAG(1) OVER ()", "RANK()", "SUM(1, 2)"])
def test_a_window_without_what_it_needs_is_refused(shared: Simulator, expression: str) -> None:
    assert refusal(shared, f"SELECT {expression} AS x FROM dual") == UNSUPPORTED  # noqa: S608  # a test's own

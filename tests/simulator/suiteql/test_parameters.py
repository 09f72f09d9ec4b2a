"""What ``?`` stands for."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, refusal

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."
ONE = "SELECT id FROM transaction WHERE id = ?"


@pytest.mark.parametrize("parameters", [("7", "INV7"), (7, "INV7"), (7.0, "INV7")])
def test_parameters_stand_in_their_order(shared: Simulator, parameters: tuple[object, ...]) -> None:
    query = "SELECT id FROM transaction WHERE id = ? AND tranid = ? AND memo IS NULL"
    assert column(shared, query, *parameters) == ["7"]


def test_a_question_mark_in_a_text_is_text(shared: Simulator) -> None:
    query = "SELECT '?' || q'[? it's]' || tranid AS v /* ? */ FROM transaction WHERE id = ? -- ?"
    assert column(shared, query, 3) == ["?? it'sINV3"]


def test_zero_is_taken_beside_numbers_and_texts(shared: Simulator) -> None:
    assert column(shared, "SELECT id FROM transaction WHERE ? = 0 AND id = 1", 0) == ["1"]
    assert column(shared, "SELECT id FROM transaction WHERE tranid <> ? AND id = 1", 0) == ["1"]


def test_a_parameter_may_be_the_text_of_a_date(shared: Simulator) -> None:
    query = "SELECT id FROM transaction WHERE trandate = TO_DATE(?, 'YYYY-MM-DD')"
    assert column(shared, query, "2026-01-04") == ["3"]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        (ONE, []),
        (ONE, [1, 2]),
        (ONE, [None]),
        (ONE, [True]),
        (ONE, [[1]]),
        (ONE, [{"id": 1}]),
        (ONE, ["seven"]),
        (ONE, ["7\0"]),
        (ONE, ["\ud800"]),
        (ONE.replace("?", ":id"), [1]),
        (ONE.replace("?", ":1"), [1]),
        ("SELECT id FROM transaction WHERE trandate = ?", ["1/4/2026"]),
    ],
)
def test_what_cannot_be_bound_is_refused(
    shared: Simulator, query: str, parameters: list[object]
) -> None:
    assert refusal(shared, query, *parameters) == UNSUPPORTED

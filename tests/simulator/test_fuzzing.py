"""Whatever is asked, the account answers: in JSON, in time, without an error of its own."""

import json
import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.answers import asked, check, send
from tests.simulator.client import ask
from tests.simulator.grammar import WORDS, grown


@given(st.binary(max_size=60))
def test_any_bytes_are_answered(shared: Simulator, body: bytes) -> None:
    check(shared, send(shared, body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["q", "params", "Q", ""]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(JSON, JSON)
def test_any_json_is_answered(shared: Simulator, body: object, parameters: object) -> None:
    query = "SELECT id FROM transaction WHERE id = ? AND ? = tranid"
    check(shared, send(shared, json.dumps(body).encode()))
    check(shared, send(shared, json.dumps({"q": query, "params": parameters}).encode()))


@given(st.text(max_size=40), st.text(max_size=12))
@example(":÷", "")
def test_any_text_is_answered(shared: Simulator, text: str, name: str) -> None:
    asked(shared, text)
    asked(shared, f'SELECT id AS "{name}", {text} FROM transaction t WHERE {text} > 1')  # noqa: S608  # a test's own


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.lists(st.sampled_from(WORDS), max_size=8))
def test_any_words_are_answered(shared: Simulator, start: list[str], end: list[str]) -> None:
    asked(shared, " ".join(start))
    asked(shared, f"SELECT {' '.join(start)} FROM transaction t WHERE id < 9 {' '.join(end)}")  # noqa: S608  # a test's own


@given(st.text("0123456789-+.e ", max_size=6), st.text("0123456789-+.e ", max_size=12))
def test_any_limit_and_offset_are_answered(shared: Simulator, limit: str, offset: str) -> None:
    query = "SELECT id FROM transaction ORDER BY id ASC"
    found = check(shared, ask(shared, query, limit=limit, offset=offset))  # type: ignore[arg-type]
    assert "items" in found or found["o:errorDetails"][0]["o:errorQueryParam"] in {
        "limit",
        "offset",
    }


@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_queries_that_are_nearly_right_are_answered(shared: Simulator, seed: int) -> None:
    chance = random.Random(seed)  # no secret
    selected = grown(chance.choice(["number", "text", "date"]), chance)
    condition, tail = grown("condition", chance), grown("tail", chance)
    asked(shared, f"SELECT {selected} AS v FROM transaction t WHERE {condition}{tail}")  # noqa: S608  # a test's own

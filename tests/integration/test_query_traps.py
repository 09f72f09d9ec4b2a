"""What people write that SuiteQL does not take: each query is left out, and the log says why."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.streams import Run, run

MANY = ", ".join(["t.id", *(f"t.id + {number} AS c{number}" for number in range(100))])


@dataclass(frozen=True)
class Trap:
    """A query that somebody wrote, and the words that have to be in the sentence about it."""

    name: str
    query: str
    words: tuple[str, ...]
    keys: tuple[str, ...] = ("id",)


LEFT_OUT = (
    Trap("limited", "SELECT id FROM transaction LIMIT 10", ("LIMIT", "FETCH FIRST")),
    Trap(
        "paged",
        "SELECT id FROM transaction ORDER BY id OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY",
        ("OFFSET",),
    ),
    Trap(
        "common",
        "WITH paid AS (SELECT id FROM transaction WHERE type = 'CustPymt') SELECT id FROM paid",
        ("WITH",),
    ),
    Trap("wide", f"SELECT {MANY} FROM transaction t", ("101 columns", "100")),  # noqa: S608 - ours
    Trap(
        "unnamed",
        "SELECT t.entity AS id, COUNT(*) FROM transaction t GROUP BY t.entity",
        ("COUNT(*)", " AS "),
    ),
    Trap("dated", "SELECT id FROM transaction WHERE trandate >= '2026-01-01'", ("TO_DATE",)),
    Trap(
        "joined",
        "SELECT t.id FROM transaction t, subsidiary s JOIN currency c ON c.id = s.currency",
        ("JOIN", "comma"),
    ),
    Trap(
        "measured",
        "SELECT id, DATEDIFF(day, trandate, duedate) AS days FROM transaction",
        ("DATEDIFF",),
    ),
    Trap("bracketed", "SELECT [id] FROM [transaction]", ("[id]",)),
    Trap("quoted", 'SELECT id FROM transaction WHERE type = "CustInvc"', ("single quotes",)),
    Trap("two", "SELECT id FROM account; SELECT id FROM item", ("one SELECT only",)),
    Trap("unclosed", "SELECT id FROM transaction WHERE memo = 'O'Brien'", ("no end",)),
    Trap("written", "UPDATE customer SET email = NULL", ("begins with SELECT",)),
    Trap(
        "hidden",
        "SELECT id FROM salestaxitem",
        ("Record 'salestaxitem' was not found", "role"),
    ),
    Trap(
        "misspelt",
        "SELECT t.id, t.subsidairy FROM transaction t",
        ("Unknown identifier 'subsidairy'",),
    ),
    Trap("not_exposed", "SELECT id, amountpaid FROM transaction", ("NOT_EXPOSED",)),
    Trap("keyless", "SELECT id FROM transaction", ("number",), ("number",)),
    Trap("repeated", "SELECT entity AS id FROM transaction WHERE entity > 0", ("id",)),
    Trap("nameless", "SELECT terms AS id, COUNT(*) AS n FROM customer GROUP BY terms", ("null",)),
)
GOOD = Trap("good", "SELECT id, name FROM subsidiary", ())
SILENT = Trap(
    "silent", "SELECT id FROM transaction WHERE status = 'CustInvc:A'", ("CustInvc:A", "letter")
)
SORTED = Trap("sorted", "SELECT id, name FROM currency ORDER BY name ASC;", ())


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


@pytest.fixture(scope="module")
def everything(account: Simulator) -> Run:
    """All of them in one run."""
    queries = [
        {"name": each.name, "query": each.query, "primary_keys": list(each.keys)}
        for each in (*LEFT_OUT, GOOD, SILENT, SORTED)
    ]
    return run(account, queries=queries)


@pytest.mark.parametrize("trap", LEFT_OUT, ids=lambda trap: trap.name)
def test_a_query_that_cannot_be_read_is_left_out_with_the_reason(
    everything: Run, trap: Trap
) -> None:
    said = sentence(everything, f"The stream {trap.name} is left out: ")
    assert trap.name not in everything.schemas
    assert [word for word in trap.words if word not in said] == []


def test_the_rest_is_read_and_the_run_fails(everything: Run) -> None:
    assert everything.schemas.keys() == {GOOD.name, SILENT.name, SORTED.name}
    assert len(everything.rows[GOOD.name]) == 8
    assert everything.code == 1


def test_what_matches_nothing_in_silence_is_warned_of(everything: Run) -> None:
    said = sentence(everything, f"The query {SILENT.name}: ")
    assert [word for word in SILENT.words if word not in said] == []


def test_an_order_and_a_semicolon_at_the_end_are_no_matter(everything: Run) -> None:
    assert [row["id"] for row in everything.rows[SORTED.name]] == sorted(
        row["id"] for row in everything.rows[SORTED.name]
    )


def test_a_key_that_is_not_unique_is_shown_with_how_often_it_comes(
    account: Simulator, everything: Run
) -> None:
    [(entity, times)] = account.sql(
        "SELECT entity, count(*) FROM transaction WHERE entity > 0 "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )
    assert f"id {entity} comes {times} times" in sentence(everything, "The stream repeated ")


def sentence(found: Run, beginning: str) -> str:
    """The one line of the log that begins so."""
    [line] = [line for line in found.log.splitlines() if line.startswith(beginning)]
    return line

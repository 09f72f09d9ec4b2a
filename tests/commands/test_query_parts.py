"""What `netsuite-tba query` prints of more rows than a page."""

import csv
import io
import json

import pytest

from tap_netsuite_tba.netsuite.client import Client
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, TimedOut
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.commands.queries import LINES, QueryCommand, truth


@pytest.mark.parametrize("order", ["", " ORDER BY memo DESC", " ORDER BY uniquekey ASC"])
def test_more_than_a_page_is_read_by_a_key_that_is_found(
    account: Simulator, query: QueryCommand, order: str
) -> None:
    done = query(LINES + order)
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert head == ["uniquekey", "transaction", "item", "memo"]
    assert len(rows) > 2000
    assert sorted(rows) == sorted(truth(account, LINES))
    assert ("run again, in parts, by uniquekey" in done.stderr) == (
        order != " ORDER BY uniquekey ASC"
    )
    assert ("not in that of the query" in done.stderr) == (order == " ORDER BY memo DESC")


def test_a_page_in_the_order_of_the_key_is_not_asked_for_again(
    account: Simulator, query: QueryCommand
) -> None:
    _, *rows = query.csv(f"{LINES} ORDER BY uniquekey ASC")
    keys = [int(row[0]) for row in rows]
    assert keys == sorted(keys)
    pages = len(rows) // 1000 + 1
    # And one that proves the key.
    assert query.asked(f"{LINES} ORDER BY uniquekey ASC") == pages + 1
    assert account.counters.peak_in_flight <= 5


def test_without_asc_the_order_is_kept_and_the_page_is_not(query: QueryCommand) -> None:
    done = query(f"{LINES} ORDER BY uniquekey")
    keys = [int(line.partition(",")[0]) for line in done.stdout.splitlines()[1:]]
    assert keys == sorted(keys)
    assert done.stderr.endswith("they come in the order of uniquekey.\n")


def test_an_aggregate_is_read_by_its_group_one_page_after_another(
    account: Simulator, query: QueryCommand
) -> None:
    text = (
        "SELECT transaction AS t, NVL(item, 0) AS i, COUNT(*) AS n FROM transactionline "
        "GROUP BY transaction, NVL(item, 0)"
    )
    done = query(text, "--key", "t,i")
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert len(rows) > 1000
    assert rows == sorted(rows, key=lambda row: (int(row[0]), int(row[1])))
    assert sorted(rows) == sorted(truth(account, text.replace("NVL", "COALESCE")))
    assert "they come in the order of t and i" in done.stderr


def test_a_star_over_many_pages_has_each_column_that_any_row_has(
    account: Simulator, query: QueryCommand
) -> None:
    [(last,)] = account.sql("SELECT MAX(uniquekey) FROM transactionline")
    rare = f"CASE WHEN l.uniquekey = {last} THEN 'x' END AS rare"
    text = f"SELECT * FROM (SELECT uniquekey, item, {rare} FROM transactionline l) ORDER BY item"  # noqa: S608 - a test's own
    head, *rows = query.csv(text)
    assert head == ["item", "rare", "uniquekey"]
    assert [row[2] for row in rows if row[1]] == [str(last)]
    assert len(rows) == account.sql("SELECT COUNT(*) FROM transactionline")[0][0]
    lines = query(text, "--format", "jsonl").stdout.splitlines()
    assert all(list(json.loads(line)) == head for line in lines)


def test_without_a_key_all_is_read_page_by_page_if_nothing_moves(
    account: Simulator, query: QueryCommand
) -> None:
    text = "SELECT transaction, memo, item FROM transactionline"
    done = query(text)
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert sorted(rows) == sorted(truth(account, text))
    assert "no key of integers is known that tells them apart" in done.stderr
    text = "SELECT 'x' || uniquekey AS code, item FROM transactionline"
    done = query(text, "--key", "code")
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert rows == sorted(truth(account, text))
    assert done.stderr.endswith("they come in the order of code.\n")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (LINES, "transaction", "transaction"),
        ("SELECT memo, uniquekey FROM transactionline", "memo", "which --key names, is null"),
        (
            "SELECT transaction FROM transactionline",
            "transaction",
            "columns of --key (transaction)",
        ),
        (LINES, "nothing", "The query has no column nothing for --key; it has uniquekey, "),
        ("SELECT TOP 1500 uniquekey FROM transactionline", "", "does not say which"),
        ("SELECT t.*, 1 AS n FROM transactionaccountingline t", "n", "n"),
        ("SELECT l.quantity, l.item, SYSDATE FROM transactionline l", "", "Give --key"),
    ],
)
def test_what_cannot_be_read_to_its_end_is_not_begun(
    query: QueryCommand, text: str, key: str, words: str
) -> None:
    done = query(text, *(["--key", key] if key else []))
    assert done.exit_code in {1, 2}
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert words in done.stderr
    assert "primary_keys" not in done.stderr


@pytest.mark.parametrize("key", [[], ["--key", "uniquekey"]])
def test_a_query_that_netsuite_takes_only_by_itself_is_read_as_it_is_written(
    account: Simulator, query: QueryCommand, key: list[str]
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="FROM (SELECT", times=None))
    done = query(f"{LINES} ORDER BY memo ASC, uniquekey DESC", *key)
    assert done.exit_code == 0, done.stderr
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert sorted(rows) == sorted(truth(account, LINES))
    assert "NetSuite takes the query only as it is written" in done.stderr
    assert done.stderr.endswith("the rows come in its own order.\n")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("SELECT l.mainline FROM transactionline l", [], "two rows are the same"),
        ("SELECT l.mainline AS sdc_m FROM transactionline l", [], "does not begin with an under"),
        ("SELECT l.*, l.memo AS m FROM transactionline l", [], "The query alone is taken"),
        (LINES, ["--key", "transaction"], "columns of --key (transaction) do not tell its rows"),
    ],
)
def test_one_that_cannot_be_told_to_be_whole_is_not_begun(
    account: Simulator, query: QueryCommand, text: str, key: list[str], words: str
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="FROM (SELECT", times=None))
    done = query(text, *key)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert words in done.stderr


@pytest.mark.parametrize("text", [LINES, "SELECT transaction, memo, item FROM transactionline"])
@pytest.mark.parametrize("trouble", [QueryRefused("Unsupported."), TimedOut("No answer.")])
def test_one_whose_rows_cannot_be_counted_is_read_all_the_same(
    account: Simulator,
    query: QueryCommand,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    trouble: NetSuiteError,
) -> None:
    fetch = Client.fetch

    def uncounted(client: Client, asked: Query) -> Page:
        if asked.text.startswith("SELECT COUNT("):
            raise trouble
        return fetch(client, asked)

    monkeypatch.setattr(Client, "fetch", uncounted)
    done = query(text)
    assert done.exit_code == 0, done.stderr
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert sorted(rows) == sorted(truth(account, text))
    assert "could not be counted" in done.stderr
    assert "only as it is written" not in done.stderr


def test_a_key_that_cannot_be_proven_is_not_read_by(
    account: Simulator, query: QueryCommand
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="SELECT COUNT(", times=None))
    done = query(LINES, "--key", "uniquekey")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "NetSuite gives rows of it, but refuses" in done.stderr
    assert "primary_keys" not in done.stderr


def test_a_group_may_have_a_count_called_n(account: Simulator, query: QueryCommand) -> None:
    text = "SELECT 'x' || transaction AS t, item AS i, COUNT(*) AS n FROM transactionline "
    text += "GROUP BY transaction, item"
    done = query(text)
    assert done.exit_code == 0, done.stderr
    _, *rows = csv.reader(io.StringIO(done.stdout))
    assert len(rows) > 1000
    assert sorted(rows) == sorted(truth(account, text))


def test_an_error_behind_the_first_rows_says_how_many_are_written(
    account: Simulator, query: QueryCommand
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="uniquekey > ", times=None))
    done = query(f"{LINES} ORDER BY uniquekey ASC")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1001
    assert "Only the first 1,000 rows are written." in done.stderr
    assert "NetSuite refused the query" in done.stderr

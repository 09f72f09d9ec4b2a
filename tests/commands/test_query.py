"""What `netsuite-tba query` prints, against the simulator."""

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tap_netsuite_tba.cli import main
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, Switches
from tests.generated_documents import DOCS
from tests.tap_process import configuration

LINES = "SELECT uniquekey, transaction, item, memo FROM transactionline"
PROGRAM = Path(sys.executable).parent / "netsuite-tba"


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=700) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    """The company, without faults again after each test."""
    yield company
    company.faults.clear()


class Command:
    """The command, with the settings that lead to an account."""

    def __init__(self, account: Simulator, folder: Path) -> None:
        self.account, self.folder = account, folder
        self.config = folder / "config.json"
        self.config.write_text(json.dumps(configuration(account)))

    def __call__(self, *arguments: str, given: str | bytes = "") -> Result:
        line = ["query", "--config", str(self.config), *arguments]
        return CliRunner().invoke(main, line, input=given)

    def csv(self, *arguments: str) -> list[list[str]]:
        """The lines of a result."""
        done = self(*arguments)
        assert done.exit_code == 0, done.stderr
        return list(csv.reader(io.StringIO(done.stdout)))

    def asked(self, *arguments: str) -> int:
        """How many requests a query takes."""
        before = self.account.counters.requests
        self.csv(*arguments)
        return self.account.counters.requests - before


@pytest.fixture
def query(account: Simulator, tmp_path: Path) -> Command:
    return Command(account, tmp_path)


def truth(account: Simulator, text: str) -> list[list[str]]:
    return [["" if v is None else str(v) for v in row] for row in account.sql(text)]


def test_a_page_comes_in_one_request_and_in_the_order_of_the_query(
    account: Simulator, query: Command
) -> None:
    text = "SELECT tranid AS number, id FROM transaction WHERE id < 500 ORDER BY tranid DESC"
    head, *rows = query.csv(text)
    assert head == ["number", "id"]
    assert sorted(rows) == sorted(
        truth(account, "SELECT tranid, id FROM transaction WHERE id < 500")
    )
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert query.asked(text) == 1


def test_a_null_is_empty_in_csv_and_null_in_json_lines(query: Command) -> None:
    text = "SELECT id, NULL AS nothing, 'x,\"y' AS odd FROM customer WHERE ROWNUM <= 1"
    [_, [_, nothing, odd]] = query.csv(text)
    assert (nothing, odd) == ("", 'x,"y')
    [line] = query(text, "--format", "jsonl").stdout.splitlines()
    assert list(json.loads(line).items())[1:] == [("nothing", None), ("odd", 'x,"y')]


def test_columns_without_a_name_stand_where_the_query_has_them(query: Command) -> None:
    head, row = query.csv(
        "SELECT 'a' AS a, COUNT(*), 'z' AS z, MAX(NULL) FROM customer WHERE id IS NULL"
    )
    assert head == ["a", "expr1", "expr2", "z"]
    assert row == ["a", "0", "", "z"]
    head, *_ = query.csv("SELECT 'x' AS z, c.* FROM customer c")
    assert head[0] == "z"
    assert head[1:] == sorted(head[1:])
    assert {"id", "entityid"} <= set(head)


def test_an_alias_that_netsuite_does_not_honour_is_kept_all_the_same(tmp_path: Path) -> None:
    text = "SELECT 'a' AS a, id AS number, NULL AS b, 'c' AS c FROM subsidiary WHERE id = 1"
    with Simulator(transactions=100, switches=Switches(aliases="ignored")) as account:
        head, row = Command(account, tmp_path).csv(text)
    assert head == ["a", "number", "b", "c"]
    assert row == ["a", "1", "", "c"]


def test_no_rows_are_said_and_still_have_their_columns(query: Command) -> None:
    done = query("SELECT id, entityid FROM customer WHERE id IS NULL")
    assert (done.exit_code, done.stdout) == (0, "id,entityid\n")
    assert done.stderr == "No rows.\n"
    done = query("SELECT * FROM customer WHERE id IS NULL")
    assert done.stdout == ""
    assert "* may stand for more than 100 columns" in done.stderr


@pytest.mark.parametrize("order", ["", " ORDER BY memo DESC", " ORDER BY uniquekey ASC"])
def test_more_than_a_page_is_read_by_a_key_that_is_found(
    account: Simulator, query: Command, order: str
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
    account: Simulator, query: Command
) -> None:
    _, *rows = query.csv(f"{LINES} ORDER BY uniquekey ASC")
    keys = [int(row[0]) for row in rows]
    assert keys == sorted(keys)
    pages = len(rows) // 1000 + 1
    # And one that proves the key.
    assert query.asked(f"{LINES} ORDER BY uniquekey ASC") == pages + 1
    assert account.counters.peak_in_flight <= 5


def test_without_asc_the_order_is_kept_and_the_page_is_not(query: Command) -> None:
    done = query(f"{LINES} ORDER BY uniquekey")
    keys = [int(line.partition(",")[0]) for line in done.stdout.splitlines()[1:]]
    assert keys == sorted(keys)
    assert done.stderr.endswith("they come in the order of uniquekey.\n")


def test_an_aggregate_is_read_by_its_group_one_page_after_another(
    account: Simulator, query: Command
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
    account: Simulator, query: Command
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
    account: Simulator, query: Command
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
    query: Command, text: str, key: str, words: str
) -> None:
    done = query(text, *(["--key", key] if key else []))
    assert done.exit_code in {1, 2}
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert words in done.stderr
    assert "primary_keys" not in done.stderr


def test_a_file_of_no_format_is_not_begun(query: Command) -> None:
    before = query.account.counters.requests
    done = query("SELECT id FROM customer", "-o", str(query.folder / "a.xlsx"))
    assert done.exit_code == 2
    assert not (query.folder / "a.xlsx").exists()
    assert query.account.counters.requests == before


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("SELECT id FROM customer LIMIT 5", "syntax error", "SuiteQL has no LIMIT."),
        (
            "SELECT id, LEFT(entityid, 1) a FROM customer",
            "unsupported search",
            "SUBSTR(text, 1, n)",
        ),
        ("SELECT id FROM email", "Invalid search type: email", "has no table email"),
        (
            "SELECT id FROM customer WHERE x = 1",
            "Unknown identifier 'x'",
            "no",
        ),
    ],
)
def test_a_refusal_is_said_in_netsuite_s_words_with_the_reason(
    query: Command, text: str, words: str, reason: str
) -> None:
    done = query(text)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert reason in done.stderr.partition(words)[2]


def test_a_query_that_netsuite_takes_only_by_itself_is_said_to_be_one(
    account: Simulator, query: Command
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="FROM (SELECT", times=None))
    before = account.counters.requests
    done = query(LINES)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "NetSuite refused the query" in done.stderr
    assert "in parentheses" in done.stderr
    assert account.counters.requests - before <= 4


def test_what_netsuite_would_answer_wrongly_is_not_asked(
    account: Simulator, query: Command
) -> None:
    before = account.counters.requests
    done = query(f"SELECT {', '.join(f'id AS c{n}' for n in range(101))} FROM customer")  # noqa: S608 - a test's own
    assert done.exit_code == 1
    assert "101 columns" in done.stderr
    assert account.counters.requests == before


def test_what_may_match_nothing_is_warned_of(query: Command) -> None:
    done = query("SELECT id FROM transaction WHERE status = 'SalesOrd:B'")
    assert done.exit_code == 0
    assert done.stderr.startswith("Warning: A status is compared with 'SalesOrd:B'")
    assert done.stderr.endswith("No rows.\n")


def test_an_error_behind_the_first_rows_says_how_many_are_written(
    account: Simulator, query: Command
) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="uniquekey > ", times=None))
    done = query(f"{LINES} ORDER BY uniquekey ASC")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1001
    assert "Only the first 1,000 rows are written." in done.stderr
    assert "NetSuite refused the query" in done.stderr


def test_a_query_comes_from_a_file_or_from_standard_input(query: Command) -> None:
    text = "SELECT 'é' AS x FROM dual;"
    file = query.folder / "of may.sql"
    for content in (
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        f"-- of May\r\n{text}\r\n".encode(),
    ):
        file.write_bytes(content)
        assert query.csv(str(file)) == [["x"], ["é"]]
        assert query(given=content).stdout == "x\né\n"
        assert query("-", given=content).stdout == "x\né\n"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("DELETE FROM customer", "is no file, and no query"),
        ("there_is_no_such.sql", "is no file, and no query"),
        (".", "is no file, and no query"),
        ("x" * 5000, "is no file, and no query"),
        ("-", "Standard input is no text in UTF-8 (byte 8)"),
        ("SELECT 1; SELECT 2", "one SELECT only"),
    ],
)
def test_what_is_no_query_is_not_sent(query: Command, given: str, words: str) -> None:
    before = query.account.counters.requests
    done = query(given, given=b"SELECT \xff FROM t")
    assert done.exit_code in {1, 2}
    assert words in done.stderr
    assert query.account.counters.requests == before


@pytest.mark.parametrize(("name", "form"), [("a.csv", "csv"), ("a.JSONL", "jsonl"), ("a", "csv")])
def test_a_file_has_the_format_of_its_ending(query: Command, name: str, form: str) -> None:
    text = "SELECT id, entityid FROM customer ORDER BY id ASC"
    file = query.folder / name
    file.write_text("of yesterday" * 999)
    done = query(text, "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == query(text, "--format", form).stdout


def test_a_refused_query_leaves_the_file_as_it_was(query: Command) -> None:
    file = query.folder / "a.csv"
    file.write_text("of yesterday")
    assert query("SELECT id FROM nowhere", "-o", str(file)).exit_code == 1
    assert file.read_text() == "of yesterday"
    done = query("SELECT id FROM customer", "-o", str(query.folder / "no" / "a.csv"))
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_the_examples_of_the_documentation_run(query: Command) -> None:
    said = (DOCS / "queries.md").read_text("utf-8").partition("\n## At once")[2]
    [given] = re.findall(r'netsuite-tba query --demo "(.*)"', said)
    [script] = re.findall(r"```sql\n(.*?)```", said, re.DOTALL)
    assert query.csv(given)[0] == ["type", "n"]
    file = query.folder / "receivables.sql"
    file.write_text(script)
    head, *rows = query.csv(str(file))
    assert head == ["customer", "invoices", "unpaid"]
    unpaid = [float(row[2]) for row in rows]
    assert len(unpaid) > 1
    assert unpaid == sorted(unpaid, reverse=True)


def started(query: Command, *arguments: str) -> subprocess.Popen[bytes]:
    line: Sequence[str | Path] = [PROGRAM, "query", "--config", query.config, *arguments]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_who_has_seen_enough_ends_it_without_a_word(query: Command) -> None:
    # More than a pipe holds.
    with started(query, f"{LINES} ORDER BY uniquekey ASC", "--format", "jsonl") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"uniquekey": ')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_a_terminal_shows_the_table_alone_when_all_has_come(query: Command) -> None:
    terminal, its_end = pty.openpty()
    text = f"{LINES} ORDER BY uniquekey ASC"
    line: Sequence[str | Path] = [PROGRAM, "query", "--config", query.config, text]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(line, stdout=its_end, stderr=its_end, env=environment) as process:
        os.close(its_end)
        written = b"".join(until_its_end(terminal)).decode()
    assert process.returncode == 0
    before, _, rows = written.partition("uniquekey")
    assert "rows" in before
    assert before.endswith("\x1b[2K")  # The line that told of it is gone.
    assert "\x1b" not in rows
    _, rule, *shown, last, _ = rows.split("\r\n")
    assert set(rule) == {"-", " "}
    assert last == f"{len(shown):,} rows."


def until_its_end(terminal: int) -> Iterator[bytes]:
    with suppress(OSError):  # That is how a terminal ends.
        while content := os.read(terminal, 1000):
            yield content
    os.close(terminal)


def test_an_interrupt_ends_it_without_a_traceback(account: Simulator, query: Command) -> None:
    account.faults.add(Fault(FaultKind.SLOW, seconds=60, times=None))
    before = account.counters.requests
    with started(query, LINES) as process:
        while account.counters.requests == before:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert said == b""

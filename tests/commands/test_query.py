"""What `netsuite-tba query` prints of a page, and where it takes a query from."""

import json
import re
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Simulator, Switches
from tests.commands.queries import QueryCommand, truth
from tests.generated_documents import DOCS


def test_a_page_comes_in_one_request_and_in_the_order_of_the_query(
    account: Simulator, query: QueryCommand
) -> None:
    text = "SELECT tranid AS number, id FROM transaction WHERE id < 500 ORDER BY tranid DESC"
    head, *rows = query.csv(text)
    assert head == ["number", "id"]
    assert sorted(rows) == sorted(
        truth(account, "SELECT tranid, id FROM transaction WHERE id < 500")
    )
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert query.asked(text) == 1


def test_a_null_is_empty_in_csv_and_null_in_json_lines(query: QueryCommand) -> None:
    text = "SELECT id, NULL AS nothing, 'x,\"y' AS odd FROM customer WHERE ROWNUM <= 1"
    [_, [_, nothing, odd]] = query.csv(text)
    assert (nothing, odd) == ("", 'x,"y')
    [line] = query(text, "--format", "jsonl").stdout.splitlines()
    assert list(json.loads(line).items())[1:] == [("nothing", None), ("odd", 'x,"y')]


def test_columns_without_a_name_stand_where_the_query_has_them(query: QueryCommand) -> None:
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
        head, row = QueryCommand(account, tmp_path).csv(text)
    assert head == ["a", "number", "b", "c"]
    assert row == ["a", "1", "", "c"]


def test_no_rows_are_said_and_still_have_their_columns(query: QueryCommand) -> None:
    done = query("SELECT id, entityid FROM customer WHERE id IS NULL")
    assert (done.exit_code, done.stdout) == (0, "id,entityid\n")
    assert done.stderr == "No rows.\n"
    done = query("SELECT * FROM customer WHERE id IS NULL")
    assert done.stdout == ""
    assert "* may stand for more than 100 columns" in done.stderr


def test_a_file_of_no_format_is_not_begun(query: QueryCommand) -> None:
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
    query: QueryCommand, text: str, words: str, reason: str
) -> None:
    done = query(text)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert reason in done.stderr.partition(words)[2]


def test_what_netsuite_would_answer_wrongly_is_not_asked(
    account: Simulator, query: QueryCommand
) -> None:
    before = account.counters.requests
    done = query(f"SELECT {', '.join(f'id AS c{n}' for n in range(101))} FROM customer")  # noqa: S608 - a test's own
    assert done.exit_code == 1
    assert "101 columns" in done.stderr
    assert account.counters.requests == before


def test_what_may_match_nothing_is_warned_of(query: QueryCommand) -> None:
    done = query("SELECT id FROM transaction WHERE status = 'SalesOrd:B'")
    assert done.exit_code == 0
    assert done.stderr.startswith("Warning: A status is compared with 'SalesOrd:B'")
    assert done.stderr.endswith("No rows.\n")


def test_a_query_comes_from_a_file_or_from_standard_input(query: QueryCommand) -> None:
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
def test_what_is_no_query_is_not_sent(query: QueryCommand, given: str, words: str) -> None:
    before = query.account.counters.requests
    done = query(given, given=b"SELECT \xff FROM t")
    assert done.exit_code in {1, 2}
    assert words in done.stderr
    assert query.account.counters.requests == before


@pytest.mark.parametrize(("name", "form"), [("a.csv", "csv"), ("a.JSONL", "jsonl"), ("a", "csv")])
def test_a_file_has_the_format_of_its_ending(query: QueryCommand, name: str, form: str) -> None:
    text = "SELECT id, entityid FROM customer ORDER BY id ASC"
    file = query.folder / name
    file.write_text("of yesterday" * 999)
    done = query(text, "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == query(text, "--format", form).stdout


def test_a_refused_query_leaves_the_file_as_it_was(query: QueryCommand) -> None:
    file = query.folder / "a.csv"
    file.write_text("of yesterday")
    assert query("SELECT id FROM nowhere", "-o", str(file)).exit_code == 1
    assert file.read_text() == "of yesterday"
    done = query("SELECT id FROM customer", "-o", str(query.folder / "no" / "a.csv"))
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_the_examples_of_the_documentation_run(query: QueryCommand) -> None:
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

"""`netsuite-tba check` as a person or a script runs it."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from tap_netsuite_tba.check.findings import EXIT_CODES, Finding, Kind, Status, failed, passed
from tap_netsuite_tba.check.steps import STEPS
from tap_netsuite_tba.cli import main
from tap_netsuite_tba.commands.findings_shown import document_of, show_finding, show_summary
from tap_netsuite_tba.explanations import Cause
from tap_netsuite_tba.simulator import Simulator
from tests.integration.command import run
from tests.tap_process import configuration

TEXT = (Path(__file__).parents[2] / "docs" / "check.md").read_text(encoding="utf-8")
CAUSE = Cause("key", "A cause that takes some words. " * 5, "Do this.", "Setup > Here", ("word",))


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_100) as account:
        yield account


def check(folder: Path, config: dict[str, Any], *arguments: str) -> Result:
    file = folder / "config.json"
    file.write_text(json.dumps(config))
    return CliRunner().invoke(main, ["check", "--config", str(file), *arguments])


def test_a_good_account_ends_with_0_and_each_step_is_a_line(
    account: Simulator, tmp_path: Path
) -> None:
    done = check(tmp_path, configuration(account))
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    titles = [step.title for step in STEPS]
    assert [line[3:].split("  ")[0] for line in lines if line[:1] == "✓"] == titles
    assert lines[-1] == "13 passed. The account can be read."
    assert not [line for line in lines if line != line.rstrip()]


def test_as_json_it_is_one_document(account: Simulator, tmp_path: Path) -> None:
    done = check(tmp_path, configuration(account, token_id="wrong"), "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == document["exit_code"] == 6
    assert document["status"] == "failed"
    assert [step["step"] for step in document["steps"]] == [step.name for step in STEPS]
    login = next(step for step in document["steps"] if step["step"] == "login")
    assert login["kind"] == "login"
    assert "token_rejected" in [cause["key"] for cause in login["causes"]]


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_no_credential_is_shown(
    account: Simulator, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    for config in (configuration(account), configuration(account, token_secret="canary-4711")):
        done = check(tmp_path, config, *arguments)
        for name in ("consumer_key", "consumer_secret", "token_id", "token_secret"):
            assert config[name] not in done.output


def test_settings_that_are_missing_are_a_finding(tmp_path: Path) -> None:
    done = check(tmp_path, {"account_id": "1234567"})
    assert done.exit_code == 3
    assert "consumer_key, consumer_secret, token_id, token_secret missing" in done.stdout


def test_a_file_that_is_missing_is_a_finding() -> None:
    done = CliRunner().invoke(main, ["check", "--config", "nowhere.json"])
    assert done.exit_code == 3
    assert "nowhere.json" in done.stdout


@pytest.mark.long
def test_the_demo_passes() -> None:
    done = CliRunner().invoke(main, ["check", "--demo"])
    assert done.exit_code == 0, done.output


def test_a_run_that_only_tries_explains_itself_in_the_same_words(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, token_id="wrong")
    tried = run(tmp_path, config, "--test")
    assert tried.code == 1
    said = json.loads(check(tmp_path, config, "--json").stdout)
    login = next(step for step in said["steps"] if step["step"] == "login")
    for cause in [each for each in login["causes"] if "characters" not in each["cause"]][:3]:
        assert cause["cause"] in tried.log
    assert "netsuite-tba check" in tried.log


def shown(finding: Finding, width: int, encoding: str = "utf-8") -> list[str]:
    buffer = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=buffer, width=width, highlight=False, markup=False, emoji=False)
    show_finding(finding, console)
    buffer.flush()
    assert isinstance(buffer.buffer, io.BytesIO)
    return buffer.buffer.getvalue().decode(encoding).splitlines()


@pytest.mark.parametrize("width", [80, 100, 240])
def test_lines_are_folded_to_the_terminal_and_indented(width: int) -> None:
    lines = shown(Finding(Status.FAILED, "What was seen", (CAUSE, CAUSE), step="rest"), width)
    assert max(map(len, lines)) <= width
    assert lines[0] == "✗  REST Web Services  What was seen"
    assert all(line.startswith(" " * 22) for line in lines[1:])
    assert lines[1].strip().startswith("1. A cause")


def test_the_same_place_is_named_once() -> None:
    lines = shown(Finding(Status.FAILED, "Seen", (CAUSE, CAUSE), step="rest"), 240)
    assert sum("Setup > Here" in line for line in lines) == 1


def test_marks_that_cannot_be_written_are_written_in_another_way() -> None:
    assert shown(Finding(Status.FAILED, "Seen", step="host"), 80, "ascii")[0].startswith("x  Host")


def test_what_comes_from_netsuite_cannot_steer_the_terminal() -> None:
    [line] = shown(Finding(Status.PASSED, "Company \x1b[2J\nEvil", step="identity"), 200)
    assert "\x1b" not in line


@pytest.mark.parametrize("kind", Kind)
def test_the_first_failure_decides_on_the_exit_code(kind: Kind) -> None:
    findings = [
        Finding(Status.PASSED, "Seen", step="host", kind=Kind.NETWORK),
        Finding(Status.FAILED, "Seen", step="rest", kind=kind),
        Finding(Status.FAILED, "Seen", step="speed", kind=Kind.OTHER),
    ]
    assert document_of(findings)["exit_code"] == EXIT_CODES[kind]
    console = Console(file=io.StringIO(), width=200)
    show_summary(findings, console)
    assert isinstance(console.file, io.StringIO)
    assert f"REST Web Services, Speed. Exit code {EXIT_CODES[kind]}." in console.file.getvalue()


def test_every_failure_has_an_exit_code_of_its_own() -> None:
    assert EXIT_CODES.keys() == {*Kind}
    assert len({*EXIT_CODES.values()}) == len(Kind)
    assert not {0, 2} & {*EXIT_CODES.values()}


@pytest.mark.parametrize(
    "word",
    [
        *(step.name for step in STEPS),
        *(kind for kind in Kind),
        *document_of([failed("Seen", CAUSE), passed("Seen")]),
        *document_of([failed("Seen", CAUSE)])["steps"][0],
        *document_of([failed("Seen", CAUSE)])["steps"][0]["causes"][0],
    ],
)
def test_each_word_of_the_json_is_documented(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_each_fact_of_the_json_is_documented(account: Simulator, tmp_path: Path) -> None:
    good = json.loads(check(tmp_path, configuration(account), "--json").stdout)
    bad = json.loads(check(tmp_path, configuration(account, token_id="wrong"), "--json").stdout)
    facts = {
        fact for document in (good, bad) for step in document["steps"] for fact in step["facts"]
    }
    assert {"rows_a_second", "took"} <= facts
    assert not {fact for fact in facts if f"`{fact}`" not in TEXT}


@pytest.mark.parametrize(("kind", "code"), EXIT_CODES.items())
def test_each_exit_code_is_documented(kind: Kind, code: int) -> None:
    assert f"| {code} | `{kind}` |" in TEXT

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
import requests
from click import Option
from click.testing import CliRunner, Result

from tap_netsuite_tba.simulator import Churn, FaultKind, Latency, command

RUN = "from tap_netsuite_tba.simulator.command import simulator; simulator()"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.simulator, arguments)


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process of its own, which does not outlive its test."""
    with subprocess.Popen(  # our own interpreter
        [sys.executable, "-c", RUN, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_of(pipe: IO[str] | None, last: str) -> str:
    """Return what comes through ``pipe`` up to the line ``last``."""
    assert pipe is not None
    return "".join(iter(pipe.readline, last))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    config = tmp_path / "config.json"
    config.write_text("of somebody else", encoding="utf-8")
    with running(
        *("--rows", "1000", "--account", "td123-sb2", "--write-config", str(config))
    ) as process:
        printed = lines_of(process.stdout, "Ctrl-C ends it.\n")
        written = json.loads(config.read_text(encoding="utf-8"))
        assert sorted(written) == [
            "account_id",
            "base_url",
            "consumer_key",
            "consumer_secret",
            "token_id",
            "token_secret",
        ]
        assert written["account_id"] == "TD123_SB2"
        assert all(text in printed for text in written.values())
        assert f"tap-netsuite-tba --config {config} --test" in printed
        assert config.stat().st_mode & 0o777 == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["config.json"]
        assert requests.get(written["base_url"], timeout=30).status_code == 401
        process.send_signal(ending)
        rest, told = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "Ended.\n")
    assert told.startswith("Writing a company of 1,000 transactions ...\nIt answers, after ")
    with socket.create_server(("127.0.0.1", urlsplit(written["base_url"]).port or 0)):
        pass  # the port is free again


def test_it_can_be_ended_while_a_large_company_is_written() -> None:
    with running("--rows", "1000000") as process:
        lines_of(process.stderr, "Writing a company of 1,000,000 transactions ...\n")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("Ended.\n", "")
    assert process.returncode == 0


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--port", str(port), "--rows", "1000")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[1:] == [
        f"Error: Port {port} cannot be used (Address already in use); choose another with --port."
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--date-format", "soon"), "'soon' is no NetSuite date format"),
        (("--time-zone", "Mars/Olympus"), "'Mars/Olympus' is no IANA time zone"),
        (("--rows", "3"), "'--rows'"),
        (("--switch", "numbers=roman"), "switch numbers is one of plain, oracle, not 'roman'."),
        (("--account", "x y"), "'x y' is no account id such as 1234567 or 1234567_SB1."),
        (("--account", '1"'), "is no account id such as"),
        (("--latency", "soon"), "latency base is a number, not 'soon'."),
        (("--latency", "rows=1"), "latency has no part 'rows'; it has base, returned, "),
        (("--faults", "418=1"), "there is no fault '418'; there are 429, "),
        (("--churn", "noise=1"), "churn is on, or name=events per minute with edits, "),
        (("--role", "nobody"), "the role 'nobody' is neither one of administrator, integration, "),
        (("--switch", "colour=red"), "there is no switch 'colour'; there are abandoned, "),
        (("--write-config", "/dev/null/x"), "'--write-config': there is no folder '/dev/null'."),
    ],
)
def test_a_bad_option_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_a_configuration_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.with_name("config.json.partial").mkdir()
    result = run("--rows", "1000", "--write-config", str(config))
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"\nError: {config} cannot be written (Is a directory); "
        "choose another with --write-config.\n"
    )


def test_a_missing_extra_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "missing_requirements", lambda: "It needs the extra.")
    result = run()
    assert (result.exit_code, result.stderr) == (2, "Error: It needs the extra.\n")


def test_the_switches_are_listed() -> None:
    result = run("--switches")
    assert result.exit_code == 0
    assert "numbers=plain|oracle\n    is a half printed 0.5" in result.stdout


OPTIONS = {each.name: each for each in command.simulator.params if isinstance(each, Option)}


@pytest.mark.parametrize("name", OPTIONS)
def test_each_option_is_explained_in_sentences(name: str) -> None:
    assert (OPTIONS[name].help or "")[0].isupper()
    assert (OPTIONS[name].help or "").endswith(".")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("faults", list(FaultKind)),
        ("churn", [each.name for each in fields(Churn)]),
        ("latency", [each.name for each in fields(Latency)]),
    ],
)
def test_the_help_names_each_kind(name: str, kinds: list[str]) -> None:
    shown = (OPTIONS[name].help or "").replace(",", " ").replace(".", " ").split()
    assert set(kinds) <= set(shown)

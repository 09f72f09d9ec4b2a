import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from tap_netsuite_tba.simulator import command

RUN = "from tap_netsuite_tba.simulator.command import simulator; simulator()"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.simulator, arguments)


def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    process = subprocess.Popen(  # our own interpreter
        [
            *(sys.executable, "-c", RUN, "--rows", "1000", "--account", "td123"),
            *("--write-config", str(config)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    printed = "".join(iter(process.stdout.readline, "Ctrl-C ends it.\n"))
    written = json.loads(config.read_text(encoding="utf-8"))
    assert sorted(written) == [
        "account_id",
        "base_url",
        "consumer_key",
        "consumer_secret",
        "token_id",
        "token_secret",
    ]
    assert written["account_id"] == "TD123"
    assert all(text in printed for text in written.values())
    assert f"tap-netsuite-tba --config {config} --test" in printed
    assert requests.get(written["base_url"], timeout=30).status_code == 401
    process.send_signal(signal.SIGINT)
    assert process.communicate()[0] == "Ended.\n"
    assert process.returncode == 0


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--port", str(port), "--rows", "1000")
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: Port {port} cannot be used (Address already in use); choose another with --port.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--date-format", "soon"), "'soon' is no NetSuite date format"),
        (("--time-zone", "Mars/Olympus"), "'Mars/Olympus' is no IANA time zone"),
        (("--rows", "3"), "'--rows'"),
        (("--rows", "1000", "--write-config", "/dev/null/x"), "choose another with --write-config"),
    ],
)
def test_a_bad_option_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_extra_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "missing_requirements", lambda: "It needs the extra.")
    result = run()
    assert (result.exit_code, result.stderr) == (2, "Error: It needs the extra.\n")

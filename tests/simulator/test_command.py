import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from click import Option
from click.testing import CliRunner, Result
from requests_oauthlib import OAuth1

from tap_netsuite_tba.simulator import Churn, Credentials, FaultKind, Latency, Simulator, command
from tests.simulator.client import PATH, column
from tests.simulator.oauth2_client import PATH as TOKEN_PATH
from tests.simulator.oauth2_client import send_assertion

CUSTOMERS = "SELECT companyname FROM customer WHERE companyname IS NOT NULL ORDER BY id ASC"
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
    lines: list[str] = []
    while (line := pipe.readline()) != last:
        assert line, f"it ended before it said {last!r}"
        lines.append(line)
    return "".join(lines)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    config = tmp_path / "config.json"
    older = {"base_url": "http://127.0.0.1:1", "consumer_key": Credentials().consumer_key}
    config.write_text(json.dumps(older), encoding="utf-8")
    config.with_name("config.json.partial").touch(mode=0o644)  # left by one that was killed
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
        assert requests.get(f"{written['base_url']}/services", timeout=30).status_code == 401
        process.send_signal(ending)
        rest, told = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "Ended.\n")
    assert told.startswith("Writing a company of 1,000 transactions ...\nIt answers, after ")
    with socket.create_server(("127.0.0.1", urlsplit(written["base_url"]).port or 0)):
        pass  # the port is free again


def test_it_shows_how_to_log_in_by_oauth_2_too(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    arguments = ("--rows", "1000", "--auth", "oauth2", "--write-config", str(config))
    for _ in range(2):  # its own file is replaced
        with running(*arguments) as process:
            lines_of(process.stdout, "Ctrl-C ends it.\n")
            written = json.loads(config.read_text(encoding="utf-8"))
            key = written["private_key"].replace("\\n", "\n")
            now = int(time.time())
            claims = {
                "iss": written["client_id"],
                "scope": ["rest_webservices"],
                "aud": written["base_url"] + TOKEN_PATH,
                "iat": now,
                "exp": now + 60,
            }
            text = jwt.encode(claims, key, "ES256", {"kid": written["certificate_id"]})
            assert send_assertion(written["base_url"], text).status_code == 200
            assert written["auth_method"] == "oauth2"


def test_it_can_be_ended_while_a_large_company_is_written() -> None:
    with running("--rows", "1000000") as process:
        lines_of(process.stderr, "Writing a company of 1,000,000 transactions ...\n")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("Ended.\n", "")
    assert process.returncode == 0


@pytest.mark.parametrize("rows", ["1000", "1000000"])
def test_an_impatient_user_does_not_break_the_ending(rows: str) -> None:
    with running("--rows", rows) as process:
        if rows == "1000":
            lines_of(process.stdout, "Ctrl-C ends it.\n")
        else:
            lines_of(process.stderr, "Writing a company of 1,000,000 transactions ...\n")
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        rest, told = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "Ended.\n")
    assert "Traceback" not in told
    assert "terminate" not in told


class Elsewhere:
    """An account in another process."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        known = Credentials()
        self._auth = OAuth1(
            known.consumer_key,
            known.consumer_secret,
            known.token_id,
            known.token_secret,
            realm=known.account_id,
            signature_method="HMAC-SHA256",
        )

    def get(self, path: str) -> requests.Response:
        with requests.Session() as session:
            return session.get(self._base_url + path, auth=self._auth, timeout=30)

    def column(self, query: str) -> list[str]:
        with requests.Session() as session:
            response = session.post(
                self._base_url + PATH,
                json={"q": query},
                headers={"Prefer": "transient"},
                auth=self._auth,
                timeout=30,
            )
        assert response.ok, response.text
        return [list(item.values())[-1] for item in response.json()["items"]]

    def value(self, expression: str) -> str:
        [found] = self.column(f"SELECT {expression} AS v FROM dual")  # noqa: S608  # our own
        return found


def port_that_is_free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def test_what_is_told_holds_in_the_account(tmp_path: Path) -> None:
    port = port_that_is_free()
    role = tmp_path / "role.json"
    role.write_text('{"name": "Wired", "permissions": "all"}', encoding="utf-8")
    faults = tmp_path / "faults.json"
    faults.write_text('[{"kind": "503", "request": 1}]', encoding="utf-8")
    with running(
        *("--rows", "1000", "--seed", "7", "--port", str(port)),
        *("--role", str(role), "--time-zone", "Asia/Tokyo", "--date-format", "YYYY-MM-DD"),
        *("--concurrency-limit", "7", "--others", "3", "--switch", "numbers=oracle"),
        *("--latency", "metadata=0.3", "--faults", str(faults), "--churn", "untraced=600"),
    ) as process:
        lines_of(process.stdout, "Ctrl-C ends it.\n")
        account = Elsewhere(f"http://127.0.0.1:{port}")
        assert account.get("/services/rest/system/v1/serverTime").status_code == 503
        assert account.get("/rest/tokeninfo").json()["roleName"] == "Wired"
        assert account.get("/services/rest/system/v1/governanceLimits").json() == {
            "accountConcurrencyLimit": 7,
            "accountUnallocatedConcurrencyLimit": 4,
            "integrationLimitType": "accountLimit",
        }
        assert account.value("SESSIONTIMEZONE") == "Asia/Tokyo"
        assert account.value("TO_DATE('2026-02-03', 'YYYY-MM-DD')") == "2026-02-03"
        assert account.value("1 / 2") == ".5"
        started = time.monotonic()
        assert account.get("/services/rest/record/v1/metadata-catalog/customer").ok
        assert time.monotonic() - started >= 0.3
        names = account.column(CUSTOMERS)
        deadline = time.monotonic() + 30
        while account.column("SELECT COUNT(*) AS n FROM transaction") == ["1000"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)  # the first rows go in one of the next seconds
    with Simulator(1_000, seed=7) as same, Simulator(1_000) as other:
        assert names == column(same, CUSTOMERS) != column(other, CUSTOMERS)


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
        (("--others", "few"), "'few' is neither 3 nor, from second 10 to 70, 3@10-70."),
        (("--rows", "1000", "--others", "6@1-2"), "take 0 to 5 places, not 6."),
        (("--rows", "1000", "--others", "3@2-1"), "come before they go, not at 2.0 and 1.0."),
        (("--write-config", "/dev/null/x"), "'--write-config': there is no folder '/dev/null'."),
        (("--write-config", ""), "'--write-config': it wants the name of a file."),
    ],
)
def test_a_bad_option_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "content", ['{"consumer_key": "real"}', "{}", "[]", "{", "\xff", "[" * 100_000]
)
def test_a_file_that_is_not_the_simulators_is_not_written_over(
    tmp_path: Path, content: str
) -> None:
    config = tmp_path / "config.json"
    config.write_text(content, encoding="latin-1")
    result = run("--write-config", str(config))
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"'--write-config': {str(config)!r} is there and is no configuration of the simulator's; "
        "choose another name or move it away.\n"
    )
    assert config.read_text(encoding="latin-1") == content


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

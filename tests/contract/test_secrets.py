"""No secret comes out, on whatever way, though everything that could tell of it is told to."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.contract.canaries import (
    CREDENTIALS,
    Eavesdropper,
    all_at_debug,
    certificate_settings,
    lines_of,
    seen,
)
from tests.tap_process import configuration

_TAP = "from tap_netsuite_tba.tap import main; main()"
_TOOLS = "from tap_netsuite_tba.cli import main; main()"
_TALKATIVE = """
import http.client, logging, logging.config, os, sys, yaml
os.umask(0)
http.client.HTTPConnection.debuglevel = 1
logging.config.dictConfig(yaml.safe_load(open(os.environ["SINGER_SDK_LOG_CONFIG"])))
"""
"""What a process does first that is to tell as much as it can, and to write what all may read."""


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_000, credentials=CREDENTIALS) as account:
        yield account


@pytest.fixture
def gateway(account: Simulator) -> Iterator[Eavesdropper]:
    with Eavesdropper(account) as gateway:
        yield gateway


@dataclass
class Run:
    """A process, run to its end in a folder of its own.

    Attributes:
        folder: What it wrote besides its output.
    """

    folder: Path
    gateway: Eavesdropper
    variables: dict[str, str] = field(default_factory=dict)

    def __call__(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        for name in ("cache", "tmp"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        mine = {n: v for n, v in os.environ.items() if not n.startswith("TAP_NETSUITE_TBA_")}
        log = all_at_debug(self.folder / "log.yaml")
        return subprocess.run(
            [sys.executable, "-c", _TALKATIVE + program, *arguments],
            env={
                **mine,
                "SINGER_SDK_LOG_CONFIG": str(log),
                "LOGLEVEL": "DEBUG",
                "TMPDIR": str(self.folder / "tmp"),
                **self.variables,
            },
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def seen_after(self, done: subprocess.CompletedProcess[str], *known: Path) -> list[str]:
        """The secrets that come out: on the screen, in a file, in the list of processes."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path not in known]
        texts = (path.read_text(errors="replace") for path in files)
        said = [done.stdout, done.stderr, self.gateway.command_lines, *texts]
        return seen("\n".join(said), self.gateway.secrets)


@pytest.fixture
def run(tmp_path: Path, gateway: Eavesdropper) -> Run:
    return Run(tmp_path, gateway)


def settings_of(
    account: Simulator, gateway: Eavesdropper, method: str = "tba", **others: object
) -> dict[str, Any]:
    """What the tap is to read, which way it logs in, and that it shares sessions with others."""
    read = {"base_url": gateway.base_url, "tables": ["department"], "session_pool": "host"}
    if method == "tba":
        return configuration(account, **read, **others)
    logs_in = certificate_settings(account)
    gateway.secrets.update(lines_of(logs_in["private_key"]))
    return {"account_id": CREDENTIALS.account_id, **logs_in, **read, **others}


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def as_variables(settings: dict[str, Any]) -> dict[str, str]:
    """The settings as Meltano hands them to the tap."""
    return {
        f"TAP_NETSUITE_TBA_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.items()
    }


def quoted(text: str) -> str:
    """A text as a file .env has it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@pytest.mark.parametrize("method", ["tba", "oauth2"])
def test_a_sync_tells_no_secret(
    account: Simulator, gateway: Eavesdropper, run: Run, cache_folder: Path, method: str
) -> None:
    run.variables = as_variables(settings_of(account, gateway, method, metrics_file="m.json"))
    done = run(_TAP, "--config=ENV")
    assert done.returncode == 0, done.stderr
    assert '"RECORD"' in done.stdout
    assert len(gateway.secrets) > 4
    assert "DEBUG urllib3.connectionpool" in done.stderr
    assert "-c" in gateway.command_lines or not Path("/proc").is_dir()
    assert run.seen_after(done) == []
    assert all(line.startswith("{") for line in done.stdout.splitlines())
    assert open_to_others(cache_folder) == open_to_others(run.folder / "tmp") == []


def open_to_others(folder: Path) -> list[Path]:
    """What is kept there that others may read or write."""
    kept = list(folder.rglob("*"))
    assert kept
    return [path for path in kept if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]


@pytest.mark.parametrize("method", ["tba", "oauth2"])
def test_a_refused_login_tells_no_secret(
    account: Simulator, gateway: Eavesdropper, run: Run, method: str
) -> None:
    """Nor does the traceback that it ends with for who debugs."""
    settings = settings_of(account, gateway, method)
    if method == "tba":
        settings["token_secret"] += "x"
    else:
        account.oauth2.revoke(settings["certificate_id"])
    config = written(run.folder / "config.json", settings)
    done = run(_TAP, "--config", str(config))
    assert done.returncode == 1
    assert "LoginRefused" in done.stderr
    assert "Traceback" in done.stderr
    assert gateway.secrets
    assert run.seen_after(done, config) == []


def test_a_command_with_settings_in_a_file_env_tells_no_secret(
    account: Simulator, gateway: Eavesdropper, run: Run
) -> None:
    variables = as_variables(settings_of(account, gateway))
    env = run.folder / ".env"
    env.write_text("".join(f"{name}={quoted(text)}\n" for name, text in variables.items()))
    done = run(f"import sys; sys.argv[1:] = ['tables', 'department']; {_TOOLS}")
    assert done.returncode == 0, done.stderr
    assert "department" in done.stdout
    assert gateway.secrets
    assert run.seen_after(done, env) == []

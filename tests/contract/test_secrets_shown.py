"""No object of ours shows a secret, nor does what is said of settings that cannot be used."""

import copy
import gc
import json
import logging
import subprocess
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tap_netsuite_tba.cli import main
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.process import DemoAccount
from tap_netsuite_tba.tap import TapNetSuite
from tests.contract.canaries import (
    CREDENTIALS,
    Eavesdropper,
    certificate_settings,
    lines_of,
    seen,
)
from tests.tap_process import configuration, run_tap, signals_kept

SECRET = CREDENTIALS.token_secret
SETTINGS: Mapping[str, Any] = {
    "base_url": "http://127.0.0.1:1",
    "account_id": "1234567_SB1",
    "consumer_key": CREDENTIALS.consumer_key,
    "consumer_secret": CREDENTIALS.consumer_secret,
    "token_id": CREDENTIALS.token_id,
    "token_secret": SECRET,
}


SECRETS = ("consumer_key", "consumer_secret", "token_id", "token_secret")


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_000, credentials=CREDENTIALS) as account:
        yield account


def settings_of(account: Simulator, gateway: Eavesdropper, method: str) -> dict[str, Any]:
    config = configuration(account, base_url=gateway.base_url, tables=["department"])
    if method == "tba":
        return config
    config |= certificate_settings(account)
    gateway.secrets.update(lines_of(config["private_key"]))
    return {name: value for name, value in config.items() if name not in SECRETS}


def ours_behind(*roots: object) -> Iterator[object]:
    """The objects of our own classes that can be reached, not by way of a module's names."""
    found, left = set[int](), list(roots)
    while left:
        each = left.pop()
        if id(each) in found or isinstance(each, (type, types.ModuleType, types.FrameType)):
            continue
        found.add(id(each))
        if type(each).__module__.startswith("tap_netsuite_tba"):
            yield each
        if isinstance(each, types.FunctionType):
            left.extend(each.__closure__ or ())
        else:
            left.extend(gc.get_referents(each))


@pytest.mark.parametrize(
    ("method", "its_own"),
    [("tba", {"Credentials", "TokenBasedAuth"}), ("oauth2", {"AccessToken", "BearerAuth"})],
)
def test_no_object_of_ours_shows_a_secret(
    account: Simulator, method: str, its_own: set[str]
) -> None:
    with Eavesdropper(account) as gateway, signals_kept():
        config = settings_of(account, gateway, method)
        tap = TapNetSuite(config=config)
        connection = tap.connection
        _, code, log = run_tap(config, tap=tap)
        assert code == 0, log
        objects = list(ours_behind(tap, connection, tap.run.settings))
    assert its_own | {"Settings", "Client", "Transport"} <= {type(o).__name__ for o in objects}
    leaky = {type(each).__name__ for each in objects if seen(f"{each!r} {each}", gateway.secrets)}
    assert leaky == set()
    copied = copy.copy(tap.run.settings)
    assert copied == tap.run.settings
    assert seen(repr(copied), gateway.secrets) == []


@pytest.mark.parametrize(("method", "form"), [("tba", []), ("oauth2", ["--json"])])
def test_a_check_tells_no_secret(
    account: Simulator,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    method: str,
    form: list[str],
) -> None:
    """Neither of a login that is good, nor of one that is refused."""
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.DEBUG)
    with Eavesdropper(account) as gateway:
        good = settings_of(account, gateway, method)
        # Whoever signs it so is not believed.
        wrong = {"token_id": "another"} if method == "tba" else {"certificate_id": "another"}
        told = []
        for config in (good, good | wrong):
            (tmp_path / "config.json").write_text(json.dumps(config))
            command = ["check", "--config", str(tmp_path / "config.json"), *form]
            told.append(CliRunner().invoke(main, command))
    assert [each.exit_code for each in told] == [0, 6], told
    assert gateway.secrets
    assert "urllib3.connectionpool" in caplog.text
    assert seen("\n".join([*map(outcome, told), caplog.text]), gateway.secrets) == []


def outcome(result: Result) -> str:
    return f"{result.output}\n{result.exception!r}\n{result.stderr}"


BAD: Mapping[str, Mapping[str, Any]] = {
    "a number": {"token_secret": 5},
    "a list": {"token_secret": [SECRET]},
    "an object": {"token_secret": {SECRET: SECRET}},
    "empty": {"token_secret": ""},
    "with a blank": {"token_secret": f"{SECRET} {SECRET}"},
    "with a line break": {"consumer_key": f"{SECRET}\n"},
    "with a zero": {"token_id": f"{SECRET}\0 "},
    "in the place of the account id": {"account_id": SECRET},
    "in that of a number": {"max_sessions": SECRET},
    "in that of a switch": {"demo": SECRET},
    "in that of a date": {"start_date": SECRET},
    "in the base URL": {"base_url": f"https://someone:{SECRET}@127.0.0.1"},
    "as the base URL": {"base_url": SECRET},
    "with the demo": {"demo": True},
    "in the options of a folder": {"batch_config": {"storage": {"root": "x", "params": [SECRET]}}},
}


@pytest.mark.parametrize("how", BAD)
def test_settings_that_cannot_be_used_are_told_without_a_secret(how: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**SETTINGS, **BAD[how]}))
    with signals_kept():
        told = [
            CliRunner().invoke(TapNetSuite.cli, ["--config", str(path), "--discover"]),
            CliRunner().invoke(main, ["tables", "--config", str(path)]),
        ]
    assert all(each.exit_code for each in told)
    assert seen("\n".join(map(outcome, told))) == []


@pytest.mark.parametrize("content", [f'{{"token_secret": "{SECRET}', f'"{SECRET}"', SECRET])
def test_a_file_that_is_no_json_is_told_without_a_secret(content: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(content)
    with signals_kept():
        told = [
            CliRunner().invoke(TapNetSuite.cli, ["--config", str(path), "--discover"]),
            CliRunner().invoke(main, ["tables", "--config", str(path)]),
        ]
    assert all(each.exit_code for each in told)
    assert seen("\n".join(map(outcome, told))) == []


def test_what_the_settings_are_about_is_told_without_them(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(SETTINGS))
    for form in ("json", "markdown"):
        told = CliRunner().invoke(
            TapNetSuite.cli, ["--config", str(path), "--about", "--format", form]
        )
        assert told.exit_code == 0, told.output
        assert "token_secret" in told.output
        assert seen(told.output) == []


def test_the_demos_process_is_not_handed_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: dict[str, str] = {}

    def begin(*_: object, env: Mapping[str, str], **__: object) -> None:
        handed.update(env)
        raise InterruptedError

    monkeypatch.setenv("NETSUITE_TBA_DEMO_HOME", str(tmp_path))
    for name in SECRETS:
        monkeypatch.setenv(f"TAP_NETSUITE_TBA_{name.upper()}", SETTINGS[name])
    monkeypatch.setattr(subprocess, "Popen", begin)
    with pytest.raises(InterruptedError):
        DemoAccount().start()
    assert handed["NETSUITE_TBA_DEMO_HOME"] == str(tmp_path)
    assert seen(str(handed)) == []

"""What docs/simulator.md shows and names is there, and what is there is named."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Churn, FaultKind, Simulator
from tap_netsuite_tba.simulator.command import simulator
from tap_netsuite_tba.simulator.fault_rules import faults_of
from tap_netsuite_tba.simulator.role_files import load_role
from tap_netsuite_tba.simulator.switches import all_switches

TEXT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
NAMES = [
    *(option for parameter in simulator.params for option in parameter.opts[:1]),
    *FaultKind,
    *(kind.name for kind in fields(Churn)),
    *(switch.name for switch in all_switches()),
]


def snippets(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_can_be_asked_of_the_simulator_is_documented(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_the_python_in_it_is_python() -> None:
    assert len(snippets("python")) > 1
    for number, snippet in enumerate(snippets("python")):
        compile(snippet, f"snippet {number}", "exec")


def test_its_first_requests_are_answered_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Simulator(transactions=300) as account:
        known = account.credentials
        config = {
            "base_url": account.base_url,
            "account_id": known.account_id,
            "consumer_key": known.consumer_key,
            "consumer_secret": known.consumer_secret,
            "token_id": known.token_id,
            "token_secret": known.token_secret,
        }
        Path("config.json").write_text(json.dumps(config), encoding="utf-8")
        query, records, truth, *_ = snippets("python")
        exec(query + records, {})  # noqa: S102  # ours, as a reader would run it
        assert account.counters.answers == {200: 10, 400: 1}
    assert "200 salesorder/" in capsys.readouterr().out
    exec(truth, {})  # noqa: S102


def test_its_role_and_its_faults_are_accepted(tmp_path: Path) -> None:
    role, faults = snippets("json")
    path = tmp_path / "example.json"
    path.write_text(role, encoding="utf-8")
    assert load_role(path).name == json.loads(role)["name"]
    path.write_text(faults, encoding="utf-8")
    assert len(faults_of(str(path))) == len(json.loads(faults))

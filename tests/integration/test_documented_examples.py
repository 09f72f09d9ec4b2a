"""The settings that README and docs show for the demo account, run as they stand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import ROOT
from tests.tap_process import Message, configuration, run_command, run_tap

PAGES = ("README.md", "docs/queries.md", "docs/records.md")
BLOCK = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(text, id=f"{page}-{number}")
    for page in PAGES
    for number, text in enumerate(BLOCK.findall((ROOT / page).read_text()), 1)
    if '"demo": true' in text
]


def test_each_page_has_one() -> None:
    assert {str(example.id).rpartition("-")[0] for example in EXAMPLES} >= {*PAGES[1:]}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_settings_run_on_a_small_account(account: Simulator, text: str) -> None:
    settings = json.loads(text)
    del settings["demo"]

    messages, code, log = run_tap(configuration(account, **settings))

    assert code == 0, log
    assert named(settings) <= streams_with_rows(messages)


@pytest.mark.long
@pytest.mark.parametrize("text", EXAMPLES)
def test_the_settings_run_on_the_demo_account(tmp_path: Path, text: str) -> None:
    settings = json.loads(text)

    messages, code, log = run_command(tmp_path, settings)

    assert code == 0, log
    assert named(settings) <= streams_with_rows(messages)


def named(settings: dict[str, Any]) -> set[str]:
    """The streams that settings name by themselves."""
    records = {f"record_{name}" for name in settings.get("records", ())}
    return records | {query["name"] for query in settings.get("queries", ())}


def streams_with_rows(messages: list[Message]) -> set[str]:
    return {each["stream"] for each in messages if each["type"] == "RECORD"}

"""The settings that README and docs show for the demo account, run as they stand."""

import json
import re
from pathlib import Path

import pytest

from tests.integration.conftest import ROOT
from tests.tap_process import run_command

pytestmark = pytest.mark.long

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


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_settings_run(tmp_path: Path, text: str) -> None:
    settings = json.loads(text)
    named = {f"record_{name}" for name in settings.get("records", ())}
    named |= {query["name"] for query in settings.get("queries", ())}

    messages, code, log = run_command(tmp_path, settings)

    assert code == 0, log
    assert named <= {each["stream"] for each in messages if each["type"] == "RECORD"}

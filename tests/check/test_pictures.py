"""The pictures of docs/check.md show the check as it is."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tap_netsuite_tba.check.findings import EXIT_CODES, Kind
from tap_netsuite_tba.check.steps import STEPS
from tests.check.pictures import PICTURES

DOCS = Path(__file__).parents[2] / "docs"
ENDS = {
    "check-good": "13 passed. The account can be read.",
    "check-bad": f"Exit code {EXIT_CODES[Kind.PERMISSIONS]}.",
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_each_step_and_asks_nobody_for_anything(name: str) -> None:
    drawn = (DOCS / "images" / f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    texts = (text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    shown = " ".join("".join(texts).replace("\xa0", " ").split())
    assert ENDS[name] in shown
    for step in STEPS:
        assert step.title in shown
    others = [url for url in re.findall(r"https?:[^\"<)\s]*", drawn) if "127.0.0.1" not in url]
    assert others == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in drawn
    assert f"(images/{name}.svg)" in (DOCS / "check.md").read_text(encoding="utf-8")

"""docs/queries.md: its configuration runs as it stands, and it names what there is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.query_settings import QUERIES
from tap_netsuite_tba.settings import problems
from tap_netsuite_tba.simulator import Simulator
from tests.integration.streams import run

TEXT = (Path(__file__).parents[1] / "docs" / "queries.md").read_text(encoding="utf-8")
EXAMPLE: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)[0])


def test_its_configuration_is_one() -> None:
    assert problems(EXAMPLE) == []


def test_its_queries_have_rows() -> None:
    with Simulator(transactions=300) as account:
        found = run(account, queries=EXAMPLE["queries"])
    assert found.code == 0, found.log
    assert found.rows.keys() == {query["name"] for query in EXAMPLE["queries"]}
    assert all(found.rows.values())


@pytest.mark.parametrize(
    "part", QUERIES.to_dict()["queries"]["items"]["properties"], ids=lambda part: part
)
def test_each_part_of_the_setting_is_told(part: str) -> None:
    assert f"| `{part}` |" in TEXT

"""The catalog is the same from an account that answers each open question the other way."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.simulator.switches import all_switches, choices
from tests.contract.test_both_answers import LAST, SECOND
from tests.integration.command import discovered
from tests.integration.roles import LISTS, without
from tests.integration.shapes import add_custom_record
from tests.tap_process import configuration

BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
NAMED = ["customrecord*", "department", "transaction"]


def catalog(folder: Path, switches: Switches) -> str:
    """What is found by the lists of what the account added, and without them by other ways."""
    with Simulator(1_000, 3, BORN, switches=switches) as account:
        add_custom_record(account, "customrecord_empty", fields=9, rows=0)
        add_custom_record(account, "customrecord_full", fields=20, place=901)
        config = configuration(account, tables=NAMED, discovery_cache_seconds=0)
        texts = [discovered(folder, config).output]
        account.role = without(*LISTS.values())
        texts.append(discovered(folder, config).output)
    assert '"custrecord_empty_009":' in texts[0]
    return "\n".join(texts)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> str:
    return catalog(tmp_path_factory.mktemp("usual"), Switches())


@pytest.mark.parametrize(
    "answers",
    [pytest.param(SECOND, id="second", marks=pytest.mark.long), pytest.param(LAST, id="last")],
)
def test_no_switch_shows_in_a_catalog(tmp_path: Path, usual: str, answers: dict[str, str]) -> None:
    assert catalog(tmp_path, Switches(**answers)) == usual  # type: ignore[arg-type]  # checked by Switches


@pytest.mark.long
@pytest.mark.parametrize(
    ("switch", "answer"),
    [(s.name, answer) for s in all_switches() for answer in choices(s.name)[1:]],
)
def test_no_switch_alone_shows_in_a_catalog(
    tmp_path: Path, usual: str, switch: str, answer: str
) -> None:
    answers = {**asdict(Switches()), switch: answer}
    assert catalog(tmp_path, Switches(**answers)) == usual

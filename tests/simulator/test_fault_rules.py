import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Fault, FaultKind, command
from tap_netsuite_tba.simulator.fault_rules import faults_of


def test_a_line_of_rates() -> None:
    assert faults_of("429=0.02, 500=0.01,stall=0.001") == [
        Fault(FaultKind.TOO_MANY_REQUESTS, rate=0.02),
        Fault(FaultKind.UNEXPECTED_ERROR, rate=0.01),
        Fault(FaultKind.STALL, rate=0.001, seconds=120),
    ]


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_has_a_name_to_write(kind: FaultKind) -> None:
    assert [fault.kind for fault in faults_of(f"{kind}=1")] == [kind]


def test_a_file_of_rules(tmp_path: Path) -> None:
    file = tmp_path / "faults=.json"
    rules = [
        {"kind": "reset-in-body", "table": "transaction", "skip": 2},
        {"kind": "slow", "path": "metadata-catalog", "times": None, "seconds": 1.5},
        {"kind": "refused", "text": "ROW_NUMBER", "times": None},
    ]
    file.write_text(json.dumps(rules), encoding="utf-8")
    assert faults_of(str(file)) == [
        Fault(FaultKind.RESET_IN_BODY, table="transaction", skip=2),
        Fault(FaultKind.SLOW, path="metadata-catalog", times=None, seconds=1.5),
        Fault(FaultKind.REFUSED, text="ROW_NUMBER", times=None),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("teapot=1", "there is no fault 'teapot'; there are 429, 429-as-400, "),
        ("=1", "there is no fault ''; there are 429, "),
        ("429=often", "the rate of a fault is 0 to 1, not 'often'."),
        ("429=2", "the rate of a fault is 0 to 1, not 2.0."),
        ("429=0.1,", "the rate of a fault is 0 to 1, not ''."),
        ("nowhere.json", "faults are KIND=RATE,... or a file; 'nowhere.json' cannot be read (No "),
    ],
)
def test_a_wrong_line_is_one_sentence(text: str, sentence: str) -> None:
    result = CliRunner().invoke(command.simulator, ["--rows", "1000", "--faults", text])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {sentence}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "are no JSON"),
        ("{}", "are no list of objects"),
        ("[1]", "are no list of objects"),
        ("[{}]", "there is no fault ''"),
        ('[{"kind": 500}]', "kind of a fault cannot be 500"),
        ('[{"kind": "500", "rows": 1}]', "a fault has no 'rows'; it has kind, request"),
        ('[{"kind": "500", "skip": true}]', "skip of a fault cannot be true"),
        ('[{"kind": "500", "table": null}]', "table of a fault cannot be null"),
        ('[{"kind": "500", "text": 1}]', "text of a fault cannot be 1"),
        ('[{"kind": "500", "times": -1}]', "times of a fault is no negative number"),
        ('[{"kind": "500", "times": "usual"}]', 'times of a fault cannot be "usual"'),
        ('[{"kind": "500", "request": 0}]', "the request of a fault is 1 or more, not 0"),
        ('[{"kind": "429", "retry_after": -1}]', "retry_after of a fault is no negative number"),
        ('[{"kind": "503", "retry_after": 1}]', "a fault 503 has no retry_after; a 429 has"),
        ('[{"kind": "429-as-400", "retry_after": 1}]', "a fault 429-as-400 has no retry_after"),
        ('[{"kind": "stall", "seconds": -1}]', "a fault stall lasts 0 to 86400 seconds, not -1"),
        ('[{"kind": "stall", "rate": NaN}]', "the rate of a fault is 0 to 1, not nan"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "faults.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(")):
        faults_of(str(file))


@given(st.text(max_size=30) | st.text("429=,.05stal-", max_size=30))
def test_a_text_is_faults_or_an_error_that_tells_why(text: str) -> None:
    try:
        assert all(isinstance(fault, Fault) for fault in faults_of(text))
    except ValueError as error:
        assert "fault" in str(error)  # noqa: PT017  # either is right

"""One file that tells what a run took, however the run ended."""

import json
import logging
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.metrics_file import to_json, write_metrics
from tap_netsuite_tba.progress import Report
from tap_netsuite_tba.simulator import Simulator
from tests.tap_process import TapProcess, configuration, discover, run_tap

DOCUMENT = Path(__file__).parents[1] / "docs" / "metrics.md"
TABLES = ["currency", "vendor"]


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as running:
        yield running


def shape(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The names in a document, and the kinds of what they name."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return float if type(value) is int else type(value)


def test_a_file_is_replaced_and_nothing_else_left(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    file.write_text("yesterday's")
    write_metrics(file, Report(), complete=True)
    assert json.loads(file.read_text())["complete"] is True
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_said_and_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_metrics(tmp_path / "gone" / "metrics.json", Report(), complete=True)
    assert caplog.messages == [
        f"The metrics cannot be written to {tmp_path}/gone/metrics.json: No such file or directory."
    ]


def test_requests_of_no_stream_are_told_by_their_table() -> None:
    report = Report()
    with report.meter.exchange("customfield"):
        pass
    report.begin_reading()
    report.begin("vendor", "incremental")
    for table in ("vendor", "deletedrecord"):
        with report.meter.exchange(table):
            pass
    told = to_json(report, complete=True)
    assert told["discovery"]["requests"] == 1
    assert [(one["stream"], one["requests"]) for one in told["streams"]] == [("vendor", 1)]
    assert [(one["table"], one["requests"]) for one in told["others"]] == [("deletedrecord", 1)]
    assert told["run"]["requests"] == 3


def test_a_run_tells_what_it_took(
    account: Simulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for logger in ("tap-netsuite-tba", "singer_sdk.metrics"):
        caplog.set_level(logging.INFO, logger)
    file = tmp_path / "metrics.json"
    before = account.counters.requests
    config = configuration(account, tables=TABLES, metrics_file=str(file))
    _, code, log = run_tap(config, catalog=discover(config | {"metrics_file": None}))
    assert code == 0, log
    told = json.loads(file.read_text())
    assert told["complete"]
    assert [(one["stream"], one["ended"], one["requests"]) for one in told["streams"]] == [
        ("currency", "complete", 1),
        ("vendor", "complete", 1),
    ]
    assert 0 < told["run"]["utilisation"] <= 1
    assert told["run"]["rows"] == sum(one["rows"] for one in told["streams"]) > 0
    parts = [told["discovery"], *told["streams"], *told["others"]]
    assert told["run"]["requests"] == sum(part["requests"] for part in parts)
    assert told["run"]["requests"] < account.counters.requests - before
    assert log.count('"http_request_count"') == len(TABLES)
    assert log.count('"job_duration"') == 1
    assert f"Requests: {told['run']['requests']}" in log
    secrets = [account.credentials.token_id, account.credentials.consumer_key]
    assert not any(secret in file.read_text() + log for secret in secrets)


def test_a_run_that_fails_tells_it(account: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    config = configuration(account, tables=[*TABLES, "no_such_table"], metrics_file=str(file))
    _, code, log = run_tap(config)
    assert code == 1, log
    told = json.loads(file.read_text())
    assert told["complete"] is False
    assert told["discovery"]["requests"] > 0
    assert [one["ended"] for one in told["streams"]] == ["complete"] * 2


def test_a_discovery_that_fails_tells_it_too(account: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    file.write_text('{"complete": true}')
    wrong = configuration(account, tables=TABLES, token_secret="wrong-and-fake")
    _, code, _ = run_tap(wrong | {"metrics_file": str(file)})
    assert code == 1
    told = json.loads(file.read_text())
    assert told["complete"] is False
    assert (told["run"]["requests"], told["run"]["retries"], told["streams"]) == (2, 1, [])


def test_a_run_that_is_stopped_tells_how_far_it_came(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    with Simulator(transactions=5_000, latency=0.2) as account:
        config = configuration(account, metrics_file=str(file))
        with TapProcess(tmp_path, config, is_warm=True) as tap:
            for message in tap.messages():
                if message["type"] == "RECORD":
                    break
            tap.process.send_signal(signal.SIGTERM)
            for _ in tap.lines():
                pass
            assert tap.process.wait(30) == 128 + signal.SIGTERM
    told = json.loads(file.read_text())
    assert told["complete"] is False
    [stream] = told["streams"]
    assert stream["ended"] == "stopped"
    assert stream["requests"] > 0


def test_the_documented_file_is_of_the_form_that_is_written() -> None:
    [example] = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    report = Report()
    report.begin("vendor", "incremental")
    with report.meter.exchange("deletedrecord"):
        pass
    assert shape(json.loads(example)) == shape(to_json(report, complete=True))

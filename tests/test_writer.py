"""Lines on stdout: whole, in order, in blocks, whatever a signal does meanwhile."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from singer_sdk.singerlib import Message, RecordMessage, SchemaMessage, StateMessage

from tap_netsuite_tba.errors import OutputFailed
from tap_netsuite_tba.writer import BLOCK_RECORDS, BufferedWriter, ReadyMessage


class Stdout:
    """A stdout that keeps its blocks, and may do something while it takes one.

    Attributes:
        takes: How many bytes it takes at once.
    """

    def __init__(self) -> None:
        self.buffer = self
        self.blocks: list[bytes] = []
        self.takes = 10**9
        self.while_writing: Callable[[], None] = lambda: None

    def write(self, block: bytes) -> int:
        self.while_writing()
        self.blocks.append(bytes(block[: self.takes]))
        return len(self.blocks[-1])

    @property
    def messages(self) -> list[dict[str, Any]]:
        out = b"".join(self.blocks)
        assert not out or out.endswith(b"\n")
        return [json.loads(line) for line in out.splitlines()]

    @property
    def numbers(self) -> list[int]:
        """What tells the messages apart."""
        return [found.get("record", found.get("value", {}))["n"] for found in self.messages]


@pytest.fixture
def stdout(monkeypatch: pytest.MonkeyPatch) -> Stdout:
    stdout = Stdout()
    # Not sys.stdout itself: pytest sets that anew between a fixture and its test.
    monkeypatch.setattr("tap_netsuite_tba.writer.sys", SimpleNamespace(stdout=stdout))
    return stdout


def record(number: int, text: str = "") -> RecordMessage:
    return RecordMessage(stream="transaction", record={"n": number, "text": text})


def state(number: int) -> StateMessage:
    return StateMessage(value={"n": number})


def schema() -> SchemaMessage:
    return SchemaMessage("transaction", {"type": "object", "properties": {}}, ["n"])


def test_records_wait_for_the_block_to_be_full(stdout: Stdout) -> None:
    writer = BufferedWriter()
    for number in range(BLOCK_RECORDS - 1):
        writer.write_message(record(number))
    assert stdout.blocks == []
    writer.write_message(record(BLOCK_RECORDS - 1))
    assert stdout.numbers == list(range(BLOCK_RECORDS))
    assert len(stdout.blocks) == 1


def test_a_ready_message_is_written_as_the_one_that_it_was_made_from(stdout: Stdout) -> None:
    row = {"n": 1, "amount": Decimal("1.10"), "memo": "“Süd”", "regions": [3, 5], "posting": None}
    made = RecordMessage("t", row, version=7, time_extracted=datetime(2026, 1, 2, tzinfo=UTC))
    writer = BufferedWriter()
    for message in (made, ReadyMessage(made.to_dict())):
        writer.write_message(message)
        writer.flush()
    first, second = stdout.blocks
    assert first == second


@pytest.mark.parametrize("message", [state(99), schema()])
def test_any_other_message_is_written_at_once_behind_all_records(
    stdout: Stdout, message: Message
) -> None:
    writer = BufferedWriter()
    for number in range(10):
        writer.write_message(record(number))
    writer.write_message(message)
    assert [found.get("record", {}).get("n") for found in stdout.messages[:-1]] == list(range(10))
    assert stdout.messages[-1]["type"] == message.to_dict()["type"]
    assert len(stdout.blocks) == 1


def test_a_large_record_is_one_line(stdout: Stdout) -> None:
    writer = BufferedWriter()
    writer.write_message(record(1, "line\nbreak" * 100_000))
    writer.flush()
    [found] = stdout.messages
    assert found["record"]["text"] == "line\nbreak" * 100_000


def test_decimals_are_written_digit_for_digit(stdout: Stdout) -> None:
    writer = BufferedWriter()
    amount = "-12345678901234567890.1234567890"
    writer.write_message(RecordMessage(stream="t", record={"amount": Decimal(amount)}))
    writer.write_message(state(1))
    assert f'"amount":{amount}'.encode() in stdout.blocks[0]


def test_stdout_is_looked_up_when_it_is_written_to(
    stdout: Stdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, later = BufferedWriter(), Stdout()
    writer.write_message(record(1))
    monkeypatch.setattr("tap_netsuite_tba.writer.sys.stdout", later)
    writer.write_message(state(2))
    assert stdout.blocks == []
    assert later.numbers == [1, 2]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.none() | st.sampled_from([0, 100, 40_000]), max_size=20))
def test_lines_are_whole_and_in_order(stdout: Stdout, sizes: list[int | None]) -> None:
    stdout.blocks.clear()
    writer = BufferedWriter()
    for number, size in enumerate([*sizes, None]):
        writer.write_message(state(number) if size is None else record(number, "é" * size))
    assert stdout.numbers == list(range(len(sizes) + 1))


def test_a_stdout_that_takes_a_few_bytes_at_once_gets_them_all(stdout: Stdout) -> None:
    writer = BufferedWriter()
    stdout.takes = 7
    for number in range(10):
        writer.write_message(record(number, "é" * number))
    writer.write_message(state(10))
    assert stdout.numbers == list(range(11))


def test_blocks_go_past_the_buffer_of_stdout(stdout: Stdout) -> None:
    stdout.raw = Stdout()  # type: ignore[attr-defined]
    BufferedWriter().write_message(state(1))
    assert stdout.blocks == []
    assert stdout.raw.numbers == [1]  # type: ignore[attr-defined]


def test_an_action_runs_at_once_when_nothing_is_being_written(stdout: Stdout) -> None:
    writer = BufferedWriter()
    writer.write_message(record(1))
    writer.when_idle(lambda: writer.write_message(state(2)))
    assert stdout.numbers == [1, 2]


def test_an_action_waits_until_the_block_that_is_being_written_is_out(stdout: Stdout) -> None:
    writer, order = BufferedWriter(), list[str]()

    def signal() -> None:
        stdout.while_writing = lambda: None
        writer.when_idle(act)
        order.append("asked")

    def act() -> None:
        order.append("action")
        writer.write_message(state(3))

    stdout.while_writing, stdout.takes = signal, 5
    writer.write_message(record(1))
    writer.write_message(state(2))
    assert order == ["asked", "action"]
    assert stdout.numbers == [1, 2, 3]


def test_an_action_that_waited_may_end_the_tap(stdout: Stdout) -> None:
    writer = BufferedWriter()

    def end() -> None:
        writer.write_message(state(3))
        raise SystemExit(143)

    def signal() -> None:
        stdout.while_writing = lambda: None
        writer.when_idle(end)

    stdout.while_writing = signal
    writer.write_message(record(1))
    with pytest.raises(SystemExit):
        writer.write_message(state(2))
    assert stdout.numbers == [1, 2, 3]


def test_an_action_that_waited_runs_once(stdout: Stdout) -> None:
    writer, runs = BufferedWriter(), list[int]()

    def signal() -> None:
        stdout.while_writing = lambda: None
        writer.when_idle(lambda: runs.append(1))

    stdout.while_writing = signal
    for number in range(3):
        writer.write_message(state(number))
    assert runs == [1]


def test_a_signal_while_a_record_is_encoded_ends_between_two_lines(stdout: Stdout) -> None:
    writer = BufferedWriter()

    class Interrupted(RecordMessage):
        def to_dict(self) -> dict[str, Any]:
            writer.when_idle(end)
            return super().to_dict()

    def end() -> None:
        writer.write_message(state(2))
        raise SystemExit(143)

    writer.write_message(record(1))
    with pytest.raises(SystemExit):
        writer.write_message(Interrupted(stream="transaction", record={"n": 9}))
    assert stdout.numbers == [1, 2]


def test_an_action_while_a_record_is_encoded_makes_no_line_come_twice(stdout: Stdout) -> None:
    writer = BufferedWriter()

    class Interrupted(RecordMessage):
        def to_dict(self) -> dict[str, Any]:
            writer.when_idle(lambda: writer.write_message(state(2)))
            return super().to_dict()

    writer.write_message(record(1))
    writer.write_message(Interrupted(stream="transaction", record={"n": 3}))
    writer.write_message(state(4))
    assert stdout.numbers == [1, 2, 3, 4]


def test_an_action_while_a_block_is_encoded_waits_until_it_is_out(stdout: Stdout) -> None:
    writer = BufferedWriter()

    class Interrupting:
        def __str__(self) -> str:
            writer.when_idle(lambda: writer.write_message(state(3)))
            return "encoded by its text"

    writer.write_message(record(1))
    writer.write_message(RecordMessage("transaction", {"n": 2, "text": Interrupting()}))
    writer.flush()
    assert stdout.numbers == [1, 2, 3]


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(28, "No space left on device")])
def test_what_stdout_refuses_surfaces(stdout: Stdout, error: OSError) -> None:
    writer = BufferedWriter()

    def refuse() -> None:
        raise error

    stdout.while_writing = refuse
    writer.write_message(record(1))
    with pytest.raises(OutputFailed) as failed:
        writer.write_message(state(2))
    assert failed.value.__cause__ is error
    ran: list[int] = []
    writer.when_idle(lambda: ran.append(1))
    assert ran == [1]

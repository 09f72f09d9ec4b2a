"""The process `netsuite-tba query`: its pipes, its terminal, and signals."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.commands.queries import LINES, QueryCommand

PROGRAM = Path(sys.executable).parent / "netsuite-tba"


def started(query: QueryCommand, *arguments: str) -> subprocess.Popen[bytes]:
    line: Sequence[str | Path] = [PROGRAM, "query", "--config", query.config, *arguments]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_who_has_seen_enough_ends_it_without_a_word(query: QueryCommand) -> None:
    # More than a pipe holds.
    with started(query, f"{LINES} ORDER BY uniquekey ASC", "--format", "jsonl") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"uniquekey": ')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_a_terminal_shows_the_table_alone_when_all_has_come(query: QueryCommand) -> None:
    terminal, its_end = pty.openpty()
    text = f"{LINES} ORDER BY uniquekey ASC"
    line: Sequence[str | Path] = [PROGRAM, "query", "--config", query.config, text]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(line, stdout=its_end, stderr=its_end, env=environment) as process:
        os.close(its_end)
        written = b"".join(until_its_end(terminal)).decode()
    assert process.returncode == 0
    before, _, rows = written.partition("uniquekey")
    assert "rows" in before
    assert before.endswith("\x1b[2K")  # The line that told of it is gone.
    assert "\x1b" not in rows
    _, rule, *shown, last, _ = rows.split("\r\n")
    assert set(rule) == {"-", " "}
    assert last == f"{len(shown):,} rows."


def until_its_end(terminal: int) -> Iterator[bytes]:
    with suppress(OSError):  # That is how a terminal ends.
        while content := os.read(terminal, 1000):
            yield content
    os.close(terminal)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Even where a shell started the tests in the background: interrupts are ignored there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_ends_it_without_a_traceback(account: Simulator, query: QueryCommand) -> None:
    account.faults.add(Fault(FaultKind.SLOW, seconds=60, times=None))
    before = account.counters.requests
    with started(query, LINES) as process:
        while account.counters.requests == before:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert said == b""

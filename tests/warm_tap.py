"""The tap as a process that need not start up: forked of one that has imported it.

A start costs half a second, most of it for imports, and the suite has a hundred of them. The fork
differs from a start in what the operating system tells of it (its command line is another), and it
ends without Python's own end; tests of these start the tap.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tap_netsuite_tba.tap import main

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


class WarmTap:
    """A run of the tap, with the part of `subprocess.Popen` that tests use.

    Attributes:
        stdout: What it writes, line by line.
        pid: Its number.
    """

    def __init__(self, arguments: Sequence[str], prelude: str, log: Path) -> None:
        reader, writer = _FORKS.Pipe(duplex=False)
        with reader, writer:
            told = (arguments, prelude, dict(os.environ), log, writer)
            self._process = _FORKS.Process(target=_run, args=told)
            self._process.start()
            self.stdout = os.fdopen(os.dup(reader.fileno()), encoding="utf-8")
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, as soon as it has ended.

        Raises:
            TimeoutExpired: It has not after so many seconds.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("tap-netsuite-tba", timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)


def _run(
    arguments: Sequence[str],
    prelude: str,
    environment: Mapping[str, str],
    log: Path,
    stdout: Connection,
) -> None:
    """What the forked process does."""
    with stdout:
        os.dup2(stdout.fileno(), sys.stdout.fileno())
    with log.open("w") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["tap-netsuite-tba", *arguments]
    exec(prelude, {})  # noqa: S102 - a test's own
    main()

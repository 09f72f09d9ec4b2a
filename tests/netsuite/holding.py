"""Another program that holds slots of an account, as a process that can be killed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = """
import sys, time
from pathlib import Path
from tap_netsuite_tba.netsuite.host_sessions import HostSlots

folder, number, taken, seconds = sys.argv[1:]
slots = HostSlots(Path(folder), int(number))
for slot in [slots.take() for _ in range(int(taken))]:
    if float(seconds):
        slot.begin(time.monotonic(), time.monotonic() + float(seconds))
print(flush=True)
sys.stdin.read()
"""


@contextmanager
def program_that_holds(
    folder: Path, *, taken: int, of: int, seconds: float
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has taken slots; it does not outlive its test.

    Args:
        folder: The slots' folder.
        taken: How many it has taken.
        of: How many it may take.
        seconds: How long their requests may count at NetSuite; 0 if none was sent.
    """
    command = [sys.executable, "-c", _PROGRAM, *map(str, (folder, of, taken, seconds))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()

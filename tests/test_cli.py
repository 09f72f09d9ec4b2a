"""The command `netsuite-tba` finds its parts."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "netsuite-tba"


def run(*arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_it_names_its_commands() -> None:
    assert {"simulator", "tables"} <= set(run("--help").split())


def test_it_tells_the_package_s_version() -> None:
    assert version("tap-netsuite-tba") in run("--version")

"""The command `netsuite-tba` finds its parts."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import yaml

from tap_netsuite_tba.cli import main

PROGRAM = Path(sys.executable).parent / "netsuite-tba"


def run(*arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_it_names_its_commands() -> None:
    assert {"simulator", "tables"} <= set(run("--help").split())


def test_it_tells_the_package_s_version() -> None:
    assert version("tap-netsuite-tba") in run("--version")


def test_meltano_knows_its_commands_by_their_names() -> None:
    project = yaml.safe_load((Path(__file__).parents[1] / "meltano.yml").read_text())
    [extractor] = project["plugins"]["extractors"]
    for name, command in extractor["commands"].items():
        assert command["executable"] == PROGRAM.name
        assert command["args"] == name
        assert name in main.commands

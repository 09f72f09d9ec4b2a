"""The tap and a loader, two processes and a pipe between them."""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import ROOT, Project
from tests.integration.test_pipeline import TABLES
from tests.tap_process import TapProcess, configuration

NAMES = tuple(table.name for table in TABLES)

State = dict[str, Any]


@dataclass(frozen=True)
class Loader:
    """A loader as Meltano installs it, and where it loads to.

    Attributes:
        program: Its executable.
        folder: For its files and the tap's.
        settings: Its configuration.
        environment: What its environment has besides.
    """

    program: Path
    folder: Path
    settings: Mapping[str, Any]
    environment: Mapping[str, str]

    def load(self, lines: Iterable[str]) -> State | None:
        """Feed Singer messages to the loader; returns the last state that it wrote."""
        config, log_path = self.folder / "target.json", self.folder / "target.log"
        config.write_text(json.dumps(self.settings))
        with (
            log_path.open("w") as log,
            subprocess.Popen(
                [self.program, "--config", config],
                env=os.environ | self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ) as process,
        ):
            assert process.stdin
            assert process.stdout
            process.stdin.writelines(lines)
            process.stdin.close()
            states = process.stdout.read().splitlines()
        assert process.returncode == 0, log_path.read_text()
        return json.loads(states[-1]) if states else None

    def run(
        self,
        account: Simulator,
        state: State | None = None,
        tables: Sequence[str] = NAMES,
        catalog: Mapping[str, Any] | None = None,
        **settings: object,
    ) -> State:
        """One run of the tap into the loader."""
        config = configuration(account, tables=tables, **settings)
        with TapProcess(self.folder, config, (), state, catalog, is_warm=True) as tap:
            state = self.load(tap.lines())
            assert tap.process.wait() == 0, tap.log
        assert state
        return state


def installed(project: Project, name: str) -> Path:
    """The program of a loader, which Meltano installs in the versions that are pinned."""
    project.meltano("install", "loader", name)
    return project.folder / ".meltano/loaders" / name / "venv/bin" / name


def shipped_settings(name: str) -> dict[str, Any]:
    """What meltano.yml sets for a loader."""
    loaders = yaml.safe_load((ROOT / "meltano.yml").read_text())["plugins"]["loaders"]
    [settings] = (loader["settings"] for loader in loaders if loader["name"] == name)
    return {each["name"]: each["value"] for each in settings if "value" in each}

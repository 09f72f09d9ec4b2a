"""A copy of the Meltano project, and an account that it reads."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tap_netsuite_tba.simulator import Simulator

ROOT = Path(__file__).parents[2]
PARTS = (
    "LICENSE",
    "README.md",
    "constraints.txt",
    "pyproject.toml",
    "schemas",
    "tap_netsuite_tba",
)
OWN_VARIABLES = ("MELTANO_", "TAP_NETSUITE_TBA_", "TARGET_")
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Project:
    """A folder with the project's own meltano.yml, and settings in the environment.

    Attributes:
        folder: Where it lies; plugins, state and warehouse are in it too.
        environment: The settings, as environment variables.
    """

    folder: Path
    environment: dict[str, str]

    def meltano(self, *arguments: str) -> str:
        """Run meltano and return what it said; it must succeed."""
        done = subprocess.run(
            [PROGRAMS / "meltano", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def install(self, kind: str, plugin: str) -> None:
        """Install a plugin, unless a run has."""
        if not (self.folder / ".meltano" / f"{kind}s" / plugin).exists():
            self.meltano("install", kind, plugin)

    def installed(self, kind: str, plugin: str) -> set[str]:
        """The distributions in a plugin's own environment, as `name==version`."""
        environment = self.folder / ".meltano" / f"{kind}s" / plugin / "venv"
        done = subprocess.run(
            [PROGRAMS / "uv", "pip", "freeze", "--exclude-editable", "--python", environment],
            capture_output=True,
            text=True,
            check=True,
        )
        return set(done.stdout.split())

    def pinned(self, plugin: str) -> set[str]:
        """The versions that a plugin's `pip_url` names, or those of the constraints it names."""
        kinds = yaml.safe_load((self.folder / "meltano.yml").read_text())["plugins"].values()
        (pip_url,) = [it["pip_url"] for kind in kinds for it in kind if it["name"] == plugin]
        words = pip_url.split()
        if "constraints.txt" in words:
            words += (self.folder / "constraints.txt").read_text().split()
        return {word for word in words if "==" in word}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    """A small company on loopback, two hours old; nothing happens there but what a test does."""
    born = datetime.now(UTC) - timedelta(hours=2)
    with Simulator(transactions=1_000, born=born) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def project(account: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with the account's credentials, nothing installed and nothing loaded."""
    folder = tmp_path_factory.mktemp("project")
    for part in PARTS:
        (folder / part).symlink_to(ROOT / part)
    shutil.copy(ROOT / "meltano.yml", folder)  # Meltano follows no link out of its project
    (folder / "output").mkdir()
    credentials = {"base_url": account.base_url, **asdict(account.credentials)}
    settings = {f"TAP_NETSUITE_TBA_{name.upper()}": value for name, value in credentials.items()}
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)
    }
    return Project(folder, inherited | settings)

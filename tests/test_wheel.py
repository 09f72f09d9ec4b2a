import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tap_netsuite_tba.shipped import shipped_tables

WORK_TREE = Path(__file__).parents[1]
PYTHON = Path(sys.executable)
UV = PYTHON.with_name("uv")
WHAT_IS_FOUND = """
import json
from tap_netsuite_tba.shipped import schemas_folder, shipped_tables
print(json.dumps([str(schemas_folder()), list(shipped_tables())]))
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel, built from the work tree, has been installed alone."""
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", folder, WORK_TREE, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    into = ("--python", PYTHON, "--target", folder / "site")
    run(UV, "pip", "install", "--quiet", "--no-deps", *into, wheel, cwd=folder)
    return folder / "site"


def test_an_installed_wheel_finds_the_shipped_tables_in_itself(installed: Path) -> None:
    answer = run(PYTHON, "-c", WHAT_IS_FOUND, cwd=installed.parent, PYTHONPATH=str(installed))
    folder, tables = json.loads(answer)
    assert Path(folder) == installed / "tap_netsuite_tba" / "schemas"
    assert tables == list(shipped_tables())


def test_a_wheel_says_that_it_is_typed(installed: Path) -> None:
    assert (installed / "tap_netsuite_tba" / "py.typed").is_file()


def test_an_installed_wheel_has_the_words_of_its_errors(installed: Path) -> None:
    told = "from tap_netsuite_tba.netsuite.errors import NotFound; print(NotFound())"
    answer = run(PYTHON, "-c", told, cwd=installed.parent, PYTHONPATH=str(installed))
    assert answer.startswith("NetSuite has nothing at this address.")


def test_a_wheel_brings_nothing_but_the_package(installed: Path) -> None:
    modules = {path.name for path in installed.iterdir() if path.suffix != ".dist-info"}
    assert modules <= {"tap_netsuite_tba", "bin", ".lock"}  # The last is uv's.

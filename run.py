#!/usr/bin/env python3
"""From a fresh clone to a filled warehouse, with nothing but Python 3.11 or later.

    python3 run.py demo [OPTIONS OF meltano run]
    python3 run.py test [OPTIONS OF pytest]
    python3 run.py constraints

The first use makes ``.venv`` with the versions of constraints.txt, and so does the first after
pyproject.toml or constraints.txt changed. ``constraints`` writes constraints.txt anew.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = "Scripts" if os.name == "nt" else "bin"
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST_PYTHON = (3, 11)
QUERIES = {
    "target-duckdb": "duckdb.connect('output/warehouse.duckdb', read_only=True)"
    ".sql('SELECT type, COUNT(*) FROM netsuite.transaction GROUP BY type')",
    "target-jsonl": "duckdb.read_json('output/transaction.jsonl').aggregate('type, COUNT(*)')",
}


def main(command: str, *options: str) -> int:
    """Run one command of this file's docstring and return its exit code."""
    # uv knows the usual authorities only; pip and git trust those of the system.
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")
    make_venv()
    if command == "constraints":
        return write_constraints()
    install()
    return demo(*options) if command == "demo" else test(*options)


def run(program: str, *arguments: str, quiet: bool = False) -> int:
    """Run a program of .venv in the project's folder and return its exit code."""
    command = [str(VENV / BIN / program), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=quiet, check=False)  # noqa: S603 - ours
    return done.returncode


def must(exit_code: int, what: str) -> None:
    """End with a sentence when a step of the set-up failed; its output stands above."""
    if exit_code:
        sys.exit(f"run.py: {what} failed, see above.")


def make_venv() -> None:
    """Make .venv with uv in it, unless this version of Python already did."""
    made_by = VENV / "pyvenv.cfg"
    version = f"version = {platform.python_version()}\n"
    if shutil.which("uv", path=str(VENV / BIN)) and version in made_by.read_text():
        return
    if find_spec("ensurepip") is None:
        sys.exit(
            "run.py: this Python cannot make virtual environments; on Debian and Ubuntu, run: "
            f"sudo apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv"
        )
    say("Making .venv")
    venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=True)
    pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    pinned = ["-c", str(CONSTRAINTS)] if CONSTRAINTS.exists() else []
    must(run("python", *pip, *pinned, "uv"), "installing uv")


def install() -> None:
    """Bring .venv to what pyproject.toml and constraints.txt say, unless it is there."""
    content = (ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes()
    wanted = hashlib.sha256(content).hexdigest()
    installed = VENV / "installed.sha256"
    if installed.exists() and installed.read_text() == wanted:
        return
    say("Installing the project and its tools into .venv")
    source = ["-e", ".[parquet,simulator]", "--group", "dev", "-c", str(CONSTRAINTS)]
    must(run("uv", "pip", "install", "--quiet", "--python", str(VENV), *source), "installing")
    # Meltano would not notice that the constraints of its plugins changed.
    for plugins in ("extractors", "loaders"):
        shutil.rmtree(ROOT / ".meltano" / plugins, ignore_errors=True)
    installed.write_text(wanted)


def write_constraints() -> int:
    """Resolve everything that pyproject.toml names, for every Python and system, to one file."""
    everything = ["--all-extras", "--group", "dev", "--group", "loaders", "--universal"]
    plain = ["--upgrade", "--no-header", "--no-annotate", "--quiet", "-o", str(CONSTRAINTS)]
    return run("uv", "pip", "compile", "pyproject.toml", *everything, *plain)


def demo(*options: str) -> int:
    """Load the simulator's company into the best local warehouse that installs here."""
    loader = demo_loader()
    say(f"Loading the simulator's company with {loader}")
    # Without .env: the demo has no credentials, and refuses any.
    settings = ["--environment=demo", f"--env-file={os.devnull}"]
    exit_code = run("meltano", *settings, "run", *options, "tap-netsuite-tba", loader)
    if exit_code == 0:
        say("The warehouse is in the folder output. A query to try:")
        print(f'.venv/{BIN}/python -c "import duckdb; print({QUERIES[loader]})"')
    return exit_code


def test(*options: str) -> int:
    """Run the tests, those of one file in one process; one more than cores, for many wait."""
    processes = f"--numprocesses={(os.cpu_count() or 1) + 1}"
    # Each of the hundreds of processes that tests start would compile all that it imports.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # In their order: files of few tests, which would come last, are often the longest.
    files = ("--dist=loadfile", "--no-loadscope-reorder")
    return run("python", "-m", "pytest", processes, *files, *options)


def demo_loader() -> str:
    """Choose DuckDB where its proven versions install, else JSON lines."""
    its_programs = ROOT / ".meltano/loaders/target-duckdb/venv" / BIN
    if shutil.which("target-duckdb", path=str(its_programs)):
        return "target-duckdb"
    say("Installing the loader for DuckDB")
    if run("meltano", "install", "loader", "target-duckdb", quiet=True) == 0:
        return "target-duckdb"
    say("DuckDB's loader does not install here in its proven versions: JSON lines instead")
    return "target-jsonl"


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    print(f"== {text}", flush=True)


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"run.py: Python 3.11 or later is needed; this is {platform.python_version()}.")
    if sys.argv[1:2] not in (["demo"], ["test"], ["constraints"]):
        sys.exit(__doc__)
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("run.py: stopped. The same command goes on from here.")

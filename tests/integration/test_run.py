"""The README's first command, on a machine that has nothing but Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import ROOT

LEFTOVERS = shutil.ignore_patterns(".*", "output", "__pycache__", "build", "dist")


def demo(checkout: Path, home: Path) -> str:
    """Run the demo as a person with an empty home would; what it prints."""
    done = subprocess.run(
        [sys.executable, "run.py", "demo"],
        cwd=checkout,
        env={"HOME": str(home), "PATH": os.defpath},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.long
def test_the_demo_fills_a_warehouse_sets_up_once_and_names_a_query_that_works(
    tmp_path: Path,
) -> None:
    checkout = shutil.copytree(ROOT, tmp_path / "checkout", ignore=LEFTOVERS)
    (checkout / "output").mkdir()

    assert "Installing the project" in demo(checkout, tmp_path)
    second = demo(checkout, tmp_path)
    assert "Installing" not in second
    query = second.strip().splitlines()[-1]
    answer = subprocess.run(
        ["/bin/sh", "-c", query], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert "SalesOrd" in answer.stdout

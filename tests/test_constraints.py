"""constraints.txt pins, in names and versions only, all that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = (ROOT / "constraints.txt").read_text().splitlines()
PYTHONS = ("3.11", "3.12", "3.13")


def required() -> list[str]:
    """Every requirement of pyproject.toml: of the package, its extras, and the groups."""
    project = PYPROJECT["project"]
    lists = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *PYPROJECT["dependency-groups"].values(),
    ]
    return sorted({entry for entries in lists for entry in entries if isinstance(entry, str)})


@pytest.mark.parametrize("line", PINS)
def test_a_line_is_a_name_and_a_version(line: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("text", required())
def test_a_requirement_is_pinned_to_a_version_that_satisfies_it(text: str, python: str) -> None:
    requirement = Requirement(text)
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    versions = [
        specifier.version
        for pin in map(Requirement, PINS)
        if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
        and (pin.marker is None or pin.marker.evaluate(environment))
        for specifier in pin.specifier
    ]
    assert len(versions) == 1, "run: python3 run.py constraints"
    assert requirement.specifier.contains(versions[0]), "run: python3 run.py constraints"

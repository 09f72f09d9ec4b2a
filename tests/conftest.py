"""What tests share."""

import gc
import os
from contextlib import ExitStack
from multiprocessing.util import get_temp_dir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from tests.certificates import Certificate, certificate_in

# Half of hypothesis's own number keeps the whole suite within its minutes.
settings.register_profile("suite", max_examples=50, deadline=None)
settings.load_profile("suite")

AT_END = ExitStack()
"""What must outlive the collection of tests, and end with them."""


def pytest_configure() -> None:
    """What fixtures of whole modules keep over runs is not kept in the user's own cache either."""
    os.environ["XDG_CACHE_HOME"] = AT_END.enter_context(TemporaryDirectory())
    get_temp_dir()  # Now: sockets want shorter paths than the folders of tests have.


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a test keeps over runs: refused logins, and discoveries."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the programs of a test share while they run: the slots of an account."""
    folder = tmp_path.with_name(f"{tmp_path.name}-shared")  # beside it: tests look at all in it
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """What a simulator shows to clients that speak TLS, and what these have to trust."""
    return certificate_in(tmp_path_factory.mktemp("certificate"))


def pytest_unconfigure() -> None:
    AT_END.close()
    # hypothesis leaves one here, and with it all that tests name would outlive DuckDB's library.
    gc.callbacks.clear()

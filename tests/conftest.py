"""What tests share."""

import gc
import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.util import get_temp_dir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from tests.certificates import Certificate, certificate_in

# Half of hypothesis's own number keeps the whole suite within its minutes. Its examples are
# the same in each run, which is to judge a change and not luck; the long tests draw new ones.
settings.register_profile("suite", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=50, deadline=None)
settings.load_profile("suite")

AT_END = ExitStack()
"""What must outlive the collection of tests, and end with them."""


def pytest_configure(config: pytest.Config) -> None:
    """What fixtures of whole modules keep over runs is not kept in the user's own cache either."""
    if config.option.markexpr == "long":
        settings.load_profile("search")
    # But uv's is: what it has installed once, it need not fetch again for Meltano and the wheel.
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    os.environ.setdefault("UV_CACHE_DIR", str(Path(caches, "uv")))
    os.environ["XDG_CACHE_HOME"] = AT_END.enter_context(TemporaryDirectory())
    get_temp_dir()  # Now: sockets want shorter paths than the folders of tests have.


@pytest.fixture(scope="session")
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for each test, which costs less than the `tmp_path` that few of them need."""
    parent = tmp_path_factory.mktemp("own")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_folder(own_folders: Iterator[Path]) -> Path:
    """What a test does not look for in its `tmp_path`."""
    folder = next(own_folders)
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def cache_folder(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a test keeps over runs: refused logins, and discoveries."""
    folder = own_folder / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def temporary_folder(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the programs of a test share while they run: the slots of an account."""
    folder = own_folder / "shared"
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

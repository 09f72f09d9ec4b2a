"""What tests share."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

# Half of hypothesis's own number keeps the whole suite within its minutes.
settings.register_profile("suite", max_examples=50, deadline=None)
settings.load_profile("suite")

AT_END = ExitStack()
"""What must outlive the collection of tests, and end with them."""


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Refused logins of tests are not remembered in the user's own cache."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


def pytest_unconfigure() -> None:
    AT_END.close()

"""What is kept over runs is for its owner's eyes, however careless the user's umask is."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tap_netsuite_tba.cache import cache_folder, make_private, write_private
from tap_netsuite_tba.discovery.store import Kept, Label, write_kept
from tap_netsuite_tba.netsuite.refusals import RefusedLogins, default_path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes_in(folder: Path) -> dict[str, str]:
    """The modes of a folder and of all that is in it, by relative path."""
    return {
        str(path.relative_to(folder)): f"{stat.S_IMODE(path.stat().st_mode):o}"
        for path in (folder, *folder.rglob("*"))
    }


def test_a_file_and_the_folders_made_for_it_are_private(tmp_path: Path) -> None:
    write_private(tmp_path / "a" / "b" / "file", b"content")
    assert modes_in(tmp_path / "a") == {".": "700", "b": "700", "b/file": "600"}
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"content"


def test_a_folder_that_was_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    make_private(tmp_path / "a" / "b")
    assert modes_in(tmp_path / "a") == {".": "755", "b": "700"}


def test_a_file_that_others_could_read_is_replaced_by_a_private_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    with path.open() as opened_before:
        write_private(path, b"after")
        assert opened_before.read() == "before"
    assert modes_in(tmp_path)["file"] == "600"


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "own" / "taken").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_private(tmp_path / "own" / "taken", b"content")
    assert list(modes_in(tmp_path / "own")) == [".", "taken"]


def test_a_remembered_discovery_is_private() -> None:
    write_kept(
        cache_folder() / "discovery" / "key.json", Kept(Label(1, "1", "key"), datetime.now(UTC))
    )
    assert modes_in(cache_folder()) == {".": "700", "discovery": "700", "discovery/key.json": "600"}


def test_refused_logins_are_private() -> None:
    RefusedLogins(default_path()).remember("fingerprint")
    files = ("refused-logins.json", "refused-logins.json.lock")
    assert modes_in(cache_folder()) == {".": "700"} | dict.fromkeys(files, "600")

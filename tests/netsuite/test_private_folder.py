"""The folder that the programs of one user share."""

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.private_folder import open_folder, runtime_folder, sweep

DAY = 24 * 3600


def test_it_is_made_for_its_user_alone() -> None:
    folder = runtime_folder() / "1234567"
    for _ in range(2):
        open_folder(folder)
        for each in (folder, folder.parent):
            assert stat.S_IMODE(each.stat().st_mode) == 0o700


def link(folder: Path) -> None:
    target = folder.with_name("elsewhere")
    target.mkdir(mode=0o700)
    folder.symlink_to(target)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda folder: folder.mkdir(mode=0o777), "open to other users.*0700"),
        (lambda folder: folder.mkdir(mode=0o710), "open to other users"),
        (link, "is no folder"),
        (Path.touch, "File exists"),
    ],
)
@pytest.mark.parametrize("place", ["above", "itself"])
def test_one_that_others_may_use_is_refused(
    make: Callable[[Path], object], problem: str, place: str
) -> None:
    folder = runtime_folder() / "1234567"
    if place == "itself":
        folder.parent.mkdir(mode=0o700)
    old = os.umask(0)
    try:
        make(folder if place == "itself" else folder.parent)
    finally:
        os.umask(old)
    with pytest.raises(OSError, match=problem):
        open_folder(folder)


def test_one_of_another_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runtime_folder() / "1234567"
    open_folder(folder)
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    with pytest.raises(OSError, match="belongs to another user"):
        open_folder(folder)


def test_one_that_cannot_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runtime_folder() / "1234567"
    open_folder(folder)
    monkeypatch.setattr(os, "access", lambda *_: False)  # For root, all can be.
    with pytest.raises(OSError, match="cannot be written"):
        open_folder(folder)


def test_a_system_that_tells_no_users_apart_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getuid")
    with pytest.raises(OSError, match="one user's alone"):
        runtime_folder()


def test_what_nobody_used_for_a_day_is_swept() -> None:
    made = [runtime_folder() / name for name in ("7@81", "7@82", "7@83", "7")]
    for folder in made:
        open_folder(folder)
        (folder / "slot-1").touch()
        for each in (folder / "slot-1", folder):
            os.utime(each, times=(0, time.time() - DAY - 1))
    (runtime_folder() / "7@80").touch()  # What is no folder stops nobody.
    (made[0] / "slot-2").touch()  # A request was sent.
    open_folder(made[1])  # A program has begun.
    sweep("*@*")
    assert [folder.exists() for folder in made] == [True, True, False, True]

"""A discovery is remembered over runs, and believed only as long as nothing speaks against it."""

import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tap_netsuite_tba.discovery.compared import Changes
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Unreadable, Wanted
from tap_netsuite_tba.discovery.marks import Mark
from tap_netsuite_tba.discovery.memory import Memory, Remembered, memory_of, remembered
from tap_netsuite_tba.discovery.store import Label
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Form, Group, Source, Table

from .discovered import sources_of
from .role import Role

IDENTITY = "f" * 64
WANTED = Wanted(("*",), {"item.custitem_code": ColumnType.TEXT}, ("*.status",))
DAY = 86400
MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
MARKS = (Mark("customfield", "SELECT 1", "n: 1"), Mark("customlist", "SELECT 2", None))
ODD = Table(
    "customrecord_odd",
    ("id",),
    (
        Column("id", ColumnType.INTEGER, "Clé — “primaire”"),
        Column("custrecord_at", ColumnType.DATETIME, form=Form.LOCAL, source=Source.SAMPLE),
        Column("custrecord_many", ColumnType.MULTISELECT, title="多選", references="item"),
        Column("id_label", ColumnType.TEXT, label_of="id", source=Source.TAP),
    ),
    group=Group.CUSTOM,
    deleted_types=frozenset({"odd", "strange"}),
    permissions=("Lists > Odd",),
    feature="Odd",
)
WHOLE = Discovery(tuple(Readable(table) for table in (*shipped_tables().values(), ODD)))
REFUSED = Refused(Column("custrecord_secret", ColumnType.TEXT), "NOT_EXPOSED")


@pytest.fixture
def memory() -> Memory:
    found = memory_of(IDENTITY, WANTED, DAY)
    assert found
    return at(found, MONDAY)


def at(memory: Memory, moment: datetime) -> Memory:
    return replace(memory, now=lambda: moment)


def test_what_is_remembered_is_what_was_found(memory: Memory) -> None:
    found = replace(
        WHOLE,
        unreadable=(Unreadable(ODD, "Record 'odd' was not found.", is_named=True),),
        unseen=(("customfield", "no"),),
    )
    memory.write(MARKS, found)
    kept = memory.read()
    assert kept
    assert (kept.discovery, kept.marks, kept.written_at) == (found, MARKS, MONDAY)
    sources = [c.source for r in kept.discovery.readable for c in r.table.columns]
    assert sources == [c.source for r in found.readable for c in r.table.columns]


def test_before_the_first_discovery_nothing_is_remembered_and_nothing_said(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    assert memory.read() is None
    assert not caplog.records


def test_the_file_is_in_the_users_cache_for_the_user_alone(
    memory: Memory, cache_folder: Path
) -> None:
    memory.write(MARKS, WHOLE)
    [file] = (cache_folder / "tap-netsuite-tba" / "discovery").iterdir()
    assert file == memory.path
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "other",
    [
        memory_of("e" * 64, WANTED, DAY),
        memory_of(IDENTITY, Wanted(), DAY),
        memory_of(IDENTITY, replace(WANTED, patterns=("transaction",)), DAY),
        memory_of(IDENTITY, replace(WANTED, column_types={}), DAY),
        memory_of(IDENTITY, replace(WANTED, include_labels=()), DAY),
    ],
)
def test_another_account_or_other_settings_have_a_memory_of_their_own(
    memory: Memory, other: Memory
) -> None:
    assert other.path.name != memory.path.name


def test_the_order_of_types_in_the_settings_does_not_matter() -> None:
    types = {"a.b": ColumnType.TEXT, "c.d": ColumnType.DATE}
    other = dict(reversed(types.items()))
    one, two = (memory_of(IDENTITY, Wanted(column_types=kinds), DAY) for kinds in (types, other))
    assert one
    assert two
    assert one.path == two.path


@pytest.mark.parametrize(("identity", "seconds"), [(None, DAY), (IDENTITY, 0)])
def test_without_an_account_to_meet_again_or_seconds_there_is_no_memory(
    identity: str | None, seconds: int
) -> None:
    assert memory_of(identity, WANTED, seconds) is None


@pytest.mark.parametrize(
    ("found", "seconds", "lasts"),
    [
        (WHOLE, 3600, 3600),
        (WHOLE, 7 * DAY, 7 * DAY),
        (Discovery((Readable(ODD, (REFUSED,)),)), 7 * DAY, DAY),
        (replace(WHOLE, unseen=(("customlist", "no"),)), 7 * DAY, DAY),
        (replace(WHOLE, unreadable=(Unreadable(ODD, "no", is_named=False),)), 7 * DAY, DAY),
        (replace(WHOLE, unseen=(("customlist", "no"),)), 60, 60),
    ],
)
def test_it_is_believed_as_long_as_was_set_and_refusals_for_a_day(
    found: Discovery, seconds: int, lasts: int
) -> None:
    memory = memory_of(IDENTITY, WANTED, seconds)
    assert memory
    at(memory, MONDAY).write(MARKS, found)
    just_so = at(memory, MONDAY + timedelta(seconds=lasts - 1))
    too_late = at(memory, MONDAY + timedelta(seconds=lasts))
    kept = too_late.read()
    assert kept
    assert just_so.believes(kept)
    assert not too_late.believes(kept)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _no_json(path: Path) -> None:
    path.write_bytes(b"\xff\xfe{")


def _another_shape(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"readable":[', b'"readable":[5,'))


def _a_name_that_is_none(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"customrecord_odd", b"x; DROP TABLE"))


def _without_zone(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"12:00:00Z", b"12:00:00"))


def _of_another_version(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"version":"', b'"version":"9.'))


def _of_another_format(path: Path) -> None:
    path.write_bytes(b'{"label": {"format": 0, "version": "0.0.1", "key": "x"}, "tables": []}')


def _of_another_account(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"key":"', b'"key":"0'))


def _for_all_to_write(path: Path) -> None:
    path.chmod(0o666)


def _of_the_future(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"2026-01-05T12:00:00Z", b"2026-01-05T12:00:01Z"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_cut, "it is damaged"),
        (_empty, "it is damaged"),
        (_no_json, "it is damaged"),
        (_another_shape, "it is damaged"),
        (_a_name_that_is_none, "it is damaged"),
        (_without_zone, "it is damaged"),
        (_of_another_version, "another version"),
        (_of_another_format, "another version"),
        (_of_another_account, "another account"),
        (_for_all_to_write, "others than its owner"),
        (_of_the_future, "of the future"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_ignored_with_a_sentence_and_replaced(
    memory: Memory, spoil: Callable[[Path], None], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    memory.write(MARKS, WHOLE)
    before = memory.path.read_bytes()
    spoil(memory.path)
    assert why == "others than its owner" or memory.path.read_bytes() != before
    assert memory.read() is None
    [record] = caplog.records
    assert record.getMessage().startswith(f"The discovery remembered in {memory.path} is not used")
    assert why in record.getMessage()
    memory.write(MARKS, WHOLE)
    assert memory.read()


def test_a_folder_that_cannot_be_written_is_said_once_and_is_no_obstacle(
    memory: Memory, cache_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache_folder.write_text("a file where the folder should be")
    assert memory.read() is None
    memory.write(MARKS, WHOLE)
    [record] = caplog.records
    assert "The discovery cannot be remembered for the next run" in record.getMessage()


def test_a_write_that_fails_leaves_what_there_was(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    memory.write(MARKS, WHOLE)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    memory.write((), Discovery())
    assert "No space left on device" in caplog.text
    kept = memory.read()
    assert kept
    assert kept.discovery == WHOLE
    assert list(memory.path.parent.iterdir()) == [memory.path]


def test_what_is_doubted_serves_to_compare_only(memory: Memory) -> None:
    memory.doubt()
    assert memory.read() is None
    memory.write(MARKS, WHOLE)
    memory.doubt()
    kept = memory.read()
    assert kept
    assert kept.discovery == WHOLE
    assert not memory.believes(kept)


def test_what_a_catalog_differs_in_is_remembered_for_that_catalog_and_a_day(
    memory: Memory,
) -> None:
    catalog, changes = [ODD], Changes(new=("item.custitem_size",))
    week = replace(memory, believed=timedelta(days=7))
    assert week.read_changes(catalog) is None
    week.write_changes(MARKS, catalog, changes)
    kept = week.read_changes([replace(ODD, deleted_types=frozenset({"strange", "odd"}))])
    assert kept
    assert (kept.marks, kept.changes) == (MARKS, changes)
    assert week.read_changes([*catalog, ODD]) is None
    assert at(week, MONDAY + timedelta(days=1, seconds=-1)).believes_changes(kept)
    assert not at(week, MONDAY + timedelta(days=1)).believes_changes(kept)


def test_an_old_discovery_is_known_to_the_next_one(memory: Memory) -> None:
    rows = {"someday": [{"id": "1", "odd": "x", "even": "y"}]}
    wanted = Wanted(("someday",))
    role = Role(rows=rows)
    remembered(wanted, memory, sources_of(role))
    # Not one row among the newest and the oldest fills the column any more.
    later = Role(rows={"someday": [{"id": "2", "even": "y"}]})
    month = at(memory, MONDAY + timedelta(days=30))
    found = remembered(wanted, month, sources_of(later))
    assert "odd" in found.tables[0].column_names


def test_a_table_that_could_once_be_read_is_known_as_long_as_it_cannot() -> None:
    lost, never = (
        Unreadable(replace(ODD, name=name), "no", is_named=False, was_readable=was_readable)
        for name, was_readable in (("lost", True), ("never", False))
    )
    found = Discovery((Readable(ODD),), (lost, never))
    kept = Remembered(Label(1, "0", "k"), MONDAY, MARKS, found)
    assert [table.name for table in kept.known] == [ODD.name, "lost"]


def test_tables_that_nobody_customizes_are_remembered_without_questions(memory: Memory) -> None:
    role = Role()
    wanted = Wanted(("currency",))
    cold = remembered(wanted, memory, sources_of(role))
    assert [query.table for query in role.queries] == ["currency"]
    assert remembered(wanted, memory, sources_of(role)) == cold
    assert len(role.queries) == 1


def test_of_several_writers_one_wins_and_readers_never_see_half_a_file(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    small = Discovery((Readable(ODD),))
    memory.write(MARKS, small)
    read: list[object] = []

    def write() -> None:
        for _ in range(10):
            memory.write(MARKS, small)
            read.append(memory.read())

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert read == 40 * [memory.read()]
    assert read[0]
    assert not caplog.records
    assert list(memory.path.parent.iterdir()) == [memory.path]

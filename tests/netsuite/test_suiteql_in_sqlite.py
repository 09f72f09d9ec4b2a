"""What the queries find in a database.

They run on SQLite, where what only Oracle has is imitated: instants are UTC text.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    select_count,
    select_page_ends,
    select_rows,
    select_unchanged_count,
)
from tap_netsuite_tba.tables import Column, ColumnType, Form, KeyValue, Parent, Table

SINCE = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
VALUES = range(-1, 3)
NAMES = ("a", "b", "c")
SMALL = [
    Table("small", NAMES[:width], tuple(Column(n, ColumnType.INTEGER) for n in NAMES[:width]))
    for width in (1, 2, 3)
]


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.create_function("MOD", 2, lambda number, by: number % by)
    connection.create_function("SYS_EXTRACT_UTC", 1, lambda instant: instant)
    for name in ("TO_DATE", "TO_TIMESTAMP", "TO_CHAR"):
        connection.create_function(name, 2, lambda text, _: text)
    yield connection
    connection.close()


@pytest.fixture(params=SMALL, ids=lambda table: f"{len(table.key)} columns")
def small(request: pytest.FixtureRequest, database: sqlite3.Connection) -> Table:
    table: Table = request.param
    database.execute("DROP TABLE IF EXISTS small")
    database.execute(f"CREATE TABLE small ({', '.join(table.key)})")
    marks = ", ".join("?" * len(table.key))
    rows = sorted(product(VALUES, repeat=len(table.key)), key=hash)
    database.executemany(f"INSERT INTO small VALUES ({marks})", rows)  # noqa: S608 - marks only
    return table


def positions(width: int) -> list[KeyValue | None]:
    values = [value for count in range(1, width + 1) for value in product(VALUES, repeat=count)]
    return [None, *values[:: 1 if width < 3 else 3]]


def test_bounds_are_compared_lexicographically(small: Table, database: sqlite3.Connection) -> None:
    width = len(small.key)
    every = sorted(product(VALUES, repeat=width))
    for after, up_to in product(positions(width), repeat=2):
        text = select_rows(small, small.columns, after=after, up_to=up_to)
        assert database.execute(text).fetchall() == [
            key
            for key in every
            if (after is None or key[: len(after)] > after)
            and (up_to is None or key[: len(up_to)] <= up_to)
        ]


@pytest.mark.parametrize("step", [1, 3, 7])
@pytest.mark.parametrize("pages", [1, 4, 1000])
def test_page_ends_are_every_so_manyth_key(
    small: Table, database: sqlite3.Connection, step: int, pages: int
) -> None:
    for after, up_to in product(positions(len(small.key)), (None, (0,), (1,))):
        rows = [
            key
            for key in sorted(product(VALUES, repeat=len(small.key)))
            if (after is None or key[: len(after)] > after)
            and (up_to is None or key[: len(up_to)] <= up_to)
        ]
        text = select_page_ends(small, after=after, up_to=up_to, pages=pages, step=step)
        assert database.execute(text).fetchall() == rows[step - 1 :: step][:pages]


@st.composite
def dated_tables(draw: st.DrawFn) -> tuple[Table, dict[KeyValue, int | None]]:
    """A table, and the hours after `SINCE` at which each of its rows was modified, if ever."""
    key = NAMES[: draw(st.integers(1, 3))]
    columns = tuple(Column(name, ColumnType.INTEGER) for name in (*key, "hours"))
    modified = Column("modified", ColumnType.DATETIME, form=draw(st.sampled_from(Form)))
    keys = st.tuples(*[st.integers(-1, 3)] * len(key))
    rows = st.dictionaries(keys, st.none() | st.integers(-30, 30), max_size=30)
    return Table("dated", key, (*columns, modified), cursor="modified"), draw(rows)


def instant(hours: int) -> datetime:
    return SINCE + timedelta(hours=hours)


def written(hours: int | None) -> str | None:
    return None if hours is None else instant(hours).strftime("%Y-%m-%d %H:%M:%S")


def fill(
    database: sqlite3.Connection, table: Table, rows: dict[KeyValue, int | None]
) -> sqlite3.Connection:
    database.execute("DROP TABLE IF EXISTS dated")
    database.execute(f"CREATE TABLE dated ({', '.join(table.key)}, hours, modified)")
    for key, hours in rows.items():
        values = (*key, hours, written(hours))
        marks = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO dated VALUES ({marks})", values)  # noqa: S608 - marks only
    return database


_BOUNDS = st.none() | st.lists(st.integers(-1, 3), min_size=1, max_size=3).map(tuple)


@settings(max_examples=200, deadline=None)
@given(dated=dated_tables(), hours=st.integers(-30, 30), bounds=st.tuples(*[_BOUNDS] * 3))
def test_rows_are_those_modified_since_and_those_never_modified_beyond_the_known_key(
    database: sqlite3.Connection,
    dated: tuple[Table, dict[KeyValue, int | None]],
    hours: int,
    bounds: tuple[KeyValue | None, KeyValue | None, KeyValue | None],
) -> None:
    table, rows = dated
    fill(database, table, rows)
    known_key, after, up_to = (bound and bound[: len(table.key)] for bound in bounds)
    since = Since(instant(hours), known_key)
    wanted = [
        key
        for key, modified in sorted(rows.items())
        if (modified >= hours if modified is not None else _may_be_new(key, known_key))
        and _is_beyond(key, after)
        and (up_to is None or not _is_beyond(key, up_to))
    ]
    text = select_rows(table, table.columns[:-1], after=after, up_to=up_to, since=since)
    assert database.execute(text).fetchall() == [(*key, rows[key]) for key in wanted]
    if up_to is None:
        text = select_page_ends(table, after=after, pages=100, step=2, since=since)
        assert database.execute(text).fetchall() == wanted[1::2]


def _is_beyond(key: KeyValue, position: KeyValue | None) -> bool:
    return position is None or key[: len(position)] > position


def _may_be_new(key: KeyValue, known: KeyValue | None) -> bool:
    """Whether a row may have come since; behind the first values of a key, too."""
    if known is None or len(known) == len(key):
        return _is_beyond(key, known)
    return key[: len(known)] >= known


def _is_known(key: KeyValue, highest: KeyValue | None) -> bool:
    return highest is not None and not _may_be_new(key, highest)


@settings(max_examples=100, deadline=None)
@given(
    dated=dated_tables(),
    since=st.none() | st.tuples(st.integers(-30, 30), _BOUNDS),
    started=st.integers(-30, 30),
    highest=_BOUNDS,
)
def test_counts_are_of_rows_since_that_did_not_change(
    database: sqlite3.Connection,
    dated: tuple[Table, dict[KeyValue, int | None]],
    since: tuple[int, KeyValue | None] | None,
    started: int,
    highest: KeyValue | None,
) -> None:
    table, rows = dated
    fill(database, table, rows)
    highest = highest and highest[: len(table.key)]
    wanted, bound = rows, None
    if since:
        hours, known_key = since[0], since[1] and since[1][: len(table.key)]
        bound = Since(instant(hours), known_key)
        wanted = {
            key: modified
            for key, modified in rows.items()
            if (modified >= hours if modified is not None else _may_be_new(key, known_key))
        }
    text = select_unchanged_count(table, instant(started), since=bound, highest=highest)
    assert database.execute(text).fetchone()[0] == sum(
        modified < started if modified is not None else _is_known(key, highest)
        for key, modified in wanted.items()
    )
    text = select_count(table, since=bound)
    assert database.execute(text).fetchone()[0] == len(wanted)


OWNED = Table(
    "owned",
    ("a", "b"),
    tuple(Column(name, ColumnType.INTEGER) for name in ("a", "b")),
    parent=Parent("owners", "a", line_cursor="modified"),
)
_HOURS = st.none() | st.integers(-30, 30)


def fill_lines(
    database: sqlite3.Connection,
    owners: dict[int, int | None],
    lines: dict[tuple[int, int], int | None],
) -> None:
    """Owners and their lines; by key, when each was modified, if ever."""
    for name, columns in (("owners", "id, lastmodifieddate"), ("owned", "a, b, modified")):
        database.execute(f"DROP TABLE IF EXISTS {name}")
        database.execute(f"CREATE TABLE {name} ({columns})")
    rows = [(key, written(hours)) for key, hours in owners.items()]
    database.executemany("INSERT INTO owners VALUES (?, ?)", rows)
    dated = [(*key, written(hours)) for key, hours in lines.items()]
    database.executemany("INSERT INTO owned VALUES (?, ?, ?)", dated)


@settings(max_examples=100, deadline=None)
@given(
    owners=st.dictionaries(st.integers(0, 5), _HOURS),
    lines=st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 2)), _HOURS, max_size=20),
    hours=st.integers(-30, 30),
    bounds=st.tuples(*[_BOUNDS] * 2),
)
def test_all_lines_are_read_of_an_owner_that_changed_or_of_which_a_line_did(
    database: sqlite3.Connection,
    owners: dict[int, int | None],
    lines: dict[tuple[int, int], int | None],
    hours: int,
    bounds: tuple[KeyValue | None, KeyValue | None],
) -> None:
    fill_lines(database, owners, lines)
    known_key, after = (bound and bound[:2] for bound in bounds)
    changed = {
        owner
        for owner, modified in [*owners.items(), *((key[0], when) for key, when in lines.items())]
        if modified is not None and modified >= hours
    }
    wanted = [
        key
        for key in sorted(lines)
        if (key[0] in changed or (owners.get(key[0]) is None and _may_be_new(key, known_key)))
        and _is_beyond(key, after)
    ]
    since = Since(instant(hours), known_key)
    text = select_rows(OWNED, OWNED.columns, after=after, since=since)
    assert database.execute(text).fetchall() == wanted
    text = select_page_ends(OWNED, after=after, pages=100, step=2, since=since)
    assert database.execute(text).fetchall() == wanted[1::2]
    text = select_unchanged_count(OWNED, instant(hours), since=None, highest=known_key)
    assert database.execute(text).fetchone()[0] == sum(
        key[0] not in changed and (owners.get(key[0]) is not None or _is_known(key, known_key))
        for key in lines
    )

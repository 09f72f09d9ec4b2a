"""Nothing that an account, a catalog or a setting says can break out of its place in a query."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlglot import exp, parse

from tap_netsuite_tba.netsuite.deletion_log import select_deleted_types, select_deletions
from tap_netsuite_tba.netsuite.expressions import modified_before, modified_since, selected
from tap_netsuite_tba.netsuite.sampling import select_all, select_times
from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    cursor_expression,
    select_count,
    select_every,
    select_extent,
    select_nothing,
    select_page_ends,
    select_present,
    select_rows,
    select_unchanged_count,
)
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Form,
    KeyValue,
    Parent,
    Table,
)
from tests.netsuite.tokens import shape

SINCE = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)


def texts_in(query: str) -> list[str]:
    """The literals in a query as another parser of Oracle's SQL understands it: one statement."""
    [statement] = parse(query, dialect="oracle")
    assert isinstance(statement, exp.Select)
    return [literal.this for literal in statement.find_all(exp.Literal) if literal.is_string]


@pytest.mark.parametrize(
    "broken",
    ["SELECT 'a", "SELECT a -- b", "SELECT a /* b */", 'SELECT "a"', "SELECT a; b", "SELECT a\n"],
)
def test_what_breaks_a_query_is_noticed(broken: str) -> None:
    with pytest.raises(AssertionError, match="no part of a query"):
        shape(broken)


PIECES = (
    *("a", "id", "transaction", "x1", "_sdc_", "label", " ", "\t", "\n", "\0", "\x1a", "\u2028"),
    *("'", "''", '"', "`", "\u2018", "\u2019", "\uff07", "\u02bc", "\u0000'", "\\'", "\\"),
    *("--", "/*", "*/", ";", "(", ")", "[", "]", "{", "}", "{fn ", "?", ":1", "&x", "@l", "||"),
    *("$", "#", "%", "é", "\u0131", "\u017f", "\u212a", "\uff41", "\U0001f600", "\ufeff"),
    *(" OR 1=1", "1", ".", ", ", " FROM dual", "UNION SELECT ", "t.id", "=", "q'[", "N'", "U&'"),
)
HOSTILE = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join),
    st.text(min_size=1, max_size=12),
)
NAMES = st.one_of(st.from_regex(r"[a-z_][a-z0-9_$#]{0,10}", fullmatch=True), HOSTILE)

BOUNDS: tuple[tuple[KeyValue | None, KeyValue | None], ...] = (
    (None, None),
    ((7,), (7, -2)),
    ((7, -2), (9,)),
)


def queries(table: Table) -> Iterator[str]:
    """Every query that can be made of a table with two columns in its key."""
    columns, key = table.columns, table.columns[:2]
    sinces = (None, Since(SINCE), Since(SINCE, (5,)), Since(SINCE, (5, 6)))
    for since, (after, up_to) in product(sinces, BOUNDS):
        yield select_rows(table, columns, after=after, up_to=up_to, since=since, descending=True)
        yield select_page_ends(table, after=after, pages=5, step=990, up_to=up_to, since=since)
    for since in sinces:
        yield select_count(table, since=since, up_to=(9,))
        yield select_every(990, table, columns, since=None if table.parent else since)
        for highest in (None, (), (5,), (5, 6)):
            yield select_unchanged_count(table, SINCE, since=since, highest=highest)
    yield select_extent(table)
    yield select_nothing(table, columns)
    yield select_nothing(table, columns[2:])
    yield select_present(table, [1, -2, 3])
    yield select_all(table, table.key)
    yield select_all(table, ())
    yield select_times(table, {"d1": columns[2], "d2": columns[3]})
    yield from (selected(column, f"t.{column.name}") for column in key)
    if cursor := cursor_expression(table):
        yield from (modified_since(cursor, SINCE, form) for form in Form)
        yield from (modified_before(cursor, SINCE, form) for form in Form)


def table_of(*names: str, is_of_lines: bool) -> Table:
    """A table in which these are all names, nine of them."""
    name, first, second, third, fourth, fifth, cursor, owner, label = names
    dated, local = ColumnType.DATETIME, Form.LOCAL
    columns = [
        Column(first, ColumnType.INTEGER),
        Column(second, ColumnType.INTEGER),
        Column(third, ColumnType.DATE),
        Column(fourth, ColumnType.TEXT),
        Column(fifth, ColumnType.DATETIME),
        Column(label, ColumnType.TEXT, label_of=fourth),
    ]
    if not is_of_lines:
        own = Column(cursor, dated, form=local)
        return Table(name, (first, second), (*columns, own), cursor=cursor)
    parent = Parent(owner, first, cursor=cursor, line_cursor=fifth)
    return Table(name, (first, second), (*columns, Column(PARENT_MODIFIED_AT, dated)), None, parent)


HARMLESS = tuple(f"name{number}" for number in range(9))


@pytest.mark.parametrize("is_of_lines", [False, True])
@given(name=NAMES, place=st.integers(0, 8))
def test_a_name_stays_a_name_or_is_refused(name: str, place: int, *, is_of_lines: bool) -> None:
    """Be it that of a table, a column, a key, a cursor, or of what owns the rows."""
    names = (*HARMLESS[:place], name, *HARMLESS[place + 1 :])
    try:
        table = table_of(*names, is_of_lines=is_of_lines)
    except ValueError:
        assert not re.fullmatch(r"[a-z_][a-z0-9_$#]*", name, re.ASCII)
        return
    # Names that begin so get an alias.
    prefix = re.match("_|sdc_|", name)
    assert prefix
    harmless = (*HARMLESS[:place], f"{prefix[0]}name", *HARMLESS[place + 1 :])
    usual = queries(table_of(*harmless, is_of_lines=is_of_lines))
    assert list(map(shape, queries(table))) == list(map(shape, usual))


LITERALS = st.lists(HOSTILE, min_size=1, max_size=3, unique=True)


@given(types=LITERALS, script_ids=LITERALS)
def test_a_text_stays_within_its_quotes(types: list[str], script_ids: list[str]) -> None:
    """The types of NetSuite's log of deletions are the only texts that it has a say in."""
    query = select_deletions(SINCE, after=-5, types=types, script_ids=script_ids)
    harmless = select_deletions(
        SINCE,
        after=-5,
        types=[f"Type {number}" for number in range(len(types))],
        script_ids=[f"script_{number}" for number in range(len(script_ids))],
    )
    assert shape(query) == shape(harmless)
    ours = texts_in(select_deleted_types(SINCE))
    assert sorted(texts_in(query)) == sorted([*ours, *types, *script_ids, *formats(query)])


def formats(query: str) -> list[str]:
    """Our own literals in the columns of a query."""
    return texts_in(query[: query.index(" WHERE ")])


@given(keys=st.lists(st.integers(), min_size=1, max_size=5), instant=st.datetimes())
def test_a_number_and_an_instant_are_digits(keys: list[int], instant: datetime) -> None:
    table = table_of(*HARMLESS, is_of_lines=False)
    assume(2 < instant.year < 9999)
    since = Since(instant.replace(tzinfo=UTC), tuple(keys[:2]))
    make: tuple[Callable[[], str], ...] = (
        lambda: select_present(table, keys),
        lambda: select_rows(table, table.columns, after=tuple(keys[:2]), since=since),
        lambda: select_deletions(since.instant, after=keys[0]),
    )
    for query in make:
        shape(query())

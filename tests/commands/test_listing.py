"""How many rows there are, and which tables are offered."""

import threading
from collections.abc import Iterator

import pytest

from tap_netsuite_tba.commands import listing as module
from tap_netsuite_tba.commands.listing import count_tables, is_custom_column, listing
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Unreadable
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused, RetriesExhausted, ServerFault
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import Column, ColumnType, Group, Source, Table
from tests.discovery.role import Role, unknown_identifier

ID = Column("id", ColumnType.INTEGER)


def table(name: str, group: Group = Group.CORE, *columns: Column) -> Table:
    return Table(name, ("id",), (ID, *columns), group=group)


def found(*tables: Table, refused: tuple[Refused, ...] = ()) -> Discovery:
    return Discovery(tuple(Readable(each, refused) for each in tables))


def test_each_table_is_counted_in_one_request() -> None:
    role = Role(rows={"item": [{"id": "1"}, {"id": "2"}]})
    assert count_tables([table("item"), table("term")], role.fetch, Workers(5)) == {
        "item": 2,
        "term": 0,
    }
    assert len(role.queries) == 2


@pytest.mark.parametrize(
    "trouble",
    [QueryRefused("No such thing."), RetriesExhausted(ServerFault(status=500), seconds=10)],
    ids=["refused", "fault"],
)
def test_what_netsuite_does_not_count_is_unknown(trouble: Exception) -> None:
    def fetch(query: Query) -> Page:
        if query.table == "item":
            raise trouble
        return Role().fetch(query)

    assert count_tables([table("item"), table("term")], fetch, Workers(2)) == {
        "item": None,
        "term": 0,
    }


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What lets the threads of a test go in the end."""
    event = threading.Event()
    yield event
    event.set()


def test_who_counts_for_long_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, stuck: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        stuck.wait()
        return Role().fetch(query)

    monkeypatch.setattr(module, "COUNTING_SECONDS", 0.05)
    assert count_tables([table("transaction")], fetch, Workers(1)) == {"transaction": None}
    assert "transaction" in caplog.text


def test_what_is_read_by_default_is_offered() -> None:
    groups = [table(group, group) for group in Group]
    assert listing(found(*groups), {}, (), ["*"]).selected == ("core", "custom")
    assert listing(found(*groups), {}, ("*",), ["*"]).selected == ("core", "custom")


def test_what_is_named_or_fits_a_pattern_is_offered() -> None:
    tables = found(table("item"), table("itemprice", Group.DETAIL), table("role", Group.SYSTEM))
    assert listing(tables, {}, ("item*", "role"), ["*"]).selected == ("item", "itemprice", "role")
    assert listing(tables, {}, (), ["*", "Role"]).selected == ("item", "role")


def test_what_the_setting_leaves_out_is_told() -> None:
    tables = found(table("customer"), table("item"), table("itemprice"))
    assert listing(tables, {}, (), ["Item*"]).left_out == ("customer",)


def test_where_no_tables_are_wanted_none_is_offered_unless_it_is_named() -> None:
    tables = found(table("customer"), table("item"))
    listed = listing(tables, {}, (), [], ["record_*"])
    assert (listed.selected, listed.own, listed.left_out) == ((), ("record_*",), ())
    listed = listing(tables, {}, ("item",), [], ["record_*"])
    assert (listed.selected, listed.left_out) == (("customer", "item"), ("customer", "item"))


def test_system_tables_are_told_if_nothing_is_named() -> None:
    tables = Discovery(
        (Readable(table("item")), Readable(table("role", Group.SYSTEM))),
        (Unreadable(table("systemnote", Group.SYSTEM), "hidden", is_named=True),),
    )
    not_asked = listing(tables, {}, (), ["*"]).not_asked
    assert {"customfield", "deletedrecord"} <= set(not_asked)
    assert {"role", "systemnote", "item"}.isdisjoint(not_asked)
    assert listing(tables, {}, ("item",), ["*"]).not_asked == ()


def test_a_field_that_another_table_of_the_family_has_is_not_withheld() -> None:
    columns = [
        Column(name, ColumnType.TEXT, source=Source.CUSTOM_FIELD)
        for name in ("custentity_there", "custentity_nowhere")
    ]
    refused = tuple(Refused(column, unknown_identifier(column.name)) for column in columns)
    tables = Discovery(
        (Readable(table("customer", Group.CORE, columns[0])), Readable(table("vendor"), refused))
    )
    withheld = listing(tables, {}, (), ["*"]).withheld
    assert withheld == {"customer": [], "vendor": [refused[1]]}


def test_of_some_tables_only_it_is_not_known_where_a_field_is() -> None:
    field = Column("custentity_perhaps", ColumnType.TEXT, source=Source.CUSTOM_FIELD)
    email = Column("email", ColumnType.TEXT)
    refused = tuple(Refused(c, unknown_identifier(c.name)) for c in (field, email))
    tables = found(table("vendor"), refused=refused)
    assert listing(tables, {}, ("vend*",), ["*"]).withheld == {"vendor": [refused[1]]}


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("custbody_rush", Source.SAMPLE, True),
        ("cseg_line", Source.METADATA, True),
        ("odd", Source.CUSTOM_FIELD, True),
        ("customform", Source.SHIPPED, False),
        ("email", Source.SHIPPED, False),
    ],
)
def test_custom_columns_are_told_by_source_or_name(
    name: str, source: Source, *, expected: bool
) -> None:
    assert is_custom_column(Column(name, ColumnType.TEXT, source=source)) is expected

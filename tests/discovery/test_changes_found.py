"""What became of an account since a catalog was made, with and without a memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tap_netsuite_tba.discovery.changes import changes_since
from tap_netsuite_tba.discovery.compared import Changes
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Wanted
from tap_netsuite_tba.discovery.marks import ask_marks
from tap_netsuite_tba.discovery.memory import Memory, memory_of
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

from .changed import MONDAY, TOOL, WORKERS, looks, old_memory, with_columns
from .discovered import CUSTOM_FIELDS, LISTS, OWN
from .role import Role

TIER = Column("custentity_tier", ColumnType.TEXT, source=Source.CUSTOM_FIELD)


@pytest.fixture
def memory() -> Memory:
    return old_memory()


@pytest.fixture
def empty_memory() -> Memory:
    """Where nothing is remembered yet."""
    found = memory_of("f" * 64, Wanted(), 7 * 86400)
    assert found
    return found


def unlisted_tables() -> list[Table]:
    """Tables of which each has a column, or is one, that the account's lists do not name."""
    customers = [with_columns(name, f"custentity_{name}") for name in ("customer", "vendor")]
    return [*customers, *(replace(TOOL, name=f"customrecord_{place:02}") for place in range(40))]


def test_without_a_memory_a_catalog_of_any_size_costs_four_requests() -> None:
    role = Role(rows=OWN)
    assert changes_since(unlisted_tables(), Wanted(), None, role.fetch, WORKERS).lacking
    assert sorted(str(query.table) for query in role.queries) == sorted(LISTS)


def test_the_first_comparison_costs_one_request_more_by_which_the_next_tells_that_all_is_as_it_was(
    empty_memory: Memory,
) -> None:
    role, tables = Role(rows=OWN), unlisted_tables()
    first = changes_since(tables, Wanted(), empty_memory, role.fetch, WORKERS)
    assert len(role.queries) == 1 + 4
    assert changes_since(tables, Wanted(), empty_memory, role.fetch, WORKERS) == first
    assert len(role.queries) == 1 + 4 + 1


def test_where_nothing_is_remembered_only_types_and_further_tables_are_told() -> None:
    role = Role(
        rows={
            "customfield": [field_of_customers("Decimal Number"), CUSTOM_FIELDS["customfield"][0]]
        }
        | {"customlist": OWN["customlist"]}
    )
    tables = [with_columns("customer", TIER.name, "custentity_unlisted"), TOOL]
    assert changes_since(tables, Wanted(), None, role.fetch, WORKERS) == Changes(
        retyped=("customer.custentity_tier (decimal, was text)",), lacking=("customlist_tag",)
    )


def test_a_field_that_is_called_a_date_is_not_told_without_asking() -> None:
    role = Role(rows={"customfield": [field_of_customers("Date")]})
    tables = [with_columns("customer", TIER.name)]
    assert changes_since(tables, Wanted(), None, role.fetch, WORKERS) == Changes()


def test_what_changed_since_a_first_comparison_is_asked_for(empty_memory: Memory) -> None:
    fields: list[Mapping[str, str]] = []
    role, tables = Role(rows={"customfield": fields}), [shipped_tables()["customer"]]
    first = changes_since(tables, Wanted(), empty_memory, role.fetch, WORKERS)
    assert first == Changes()
    fields.append(field_of_customers("Free-Form Text"))
    changes = changes_since(tables, Wanted(), empty_memory, role.fetch, WORKERS)
    assert changes == Changes(new=("customer.custentity_tier",))


def test_a_comparison_is_not_believed_for_longer_than_a_day(empty_memory: Memory) -> None:
    role = Role(rows={"customfield": [field_of_customers("Free-Form Text")]})
    tables = [shipped_tables()["customer"]]
    monday = replace(empty_memory, now=lambda: MONDAY)
    assert changes_since(tables, Wanted(), monday, role.fetch, WORKERS) == Changes()
    tuesday = replace(empty_memory, now=lambda: MONDAY + timedelta(days=1))
    changes = changes_since(tables, Wanted(), tuesday, role.fetch, WORKERS)
    assert changes == Changes(new=("customer.custentity_tier",))


def edited_at(role: Role, instant: str) -> Fetch:
    """A role that sees when a custom field was edited last."""

    def fetch(query: Query) -> Page:
        page = role.fetch(query)
        if "AS latest" not in query.text:
            return page
        return replace(page, items=looks(query, latest=instant))

    return fetch


def field_of_customers(kind: str) -> Mapping[str, str]:
    """The custom field whose column is `TIER`."""
    return {**CUSTOM_FIELDS["customfield"][1], "fieldvaluetype": kind}


ELSEWHERE = {name: {"custentity_tier"} for name in ("employee", "contact", "partner", "job")}


def changes_of_an_edited_field(memory: Memory, kind: str, refused: set[str]) -> Changes:
    """What a sync says of a field of customers after it was edited."""
    tables = tuple(
        Readable(table, (Refused(TIER, "Unknown identifier"),) if name == "vendor" else ())
        for name, table in shipped_tables().items()
    )
    before = edited_at(Role(), "2026-01-05 10:00:00")
    memory.write(ask_marks(before, WORKERS), Discovery(tables))
    role = Role(
        rows={"customfield": [field_of_customers(kind)]}, refused=ELSEWHERE | {"vendor": refused}
    )
    catalog = {**shipped_tables(), "customer": with_columns("customer", TIER.name)}
    now = edited_at(role, "2026-02-01 10:00:00")
    return changes_since(list(catalog.values()), Wanted(), memory, now, WORKERS)


def test_a_field_that_was_put_on_one_more_table_is_new(memory: Memory) -> None:
    changes = changes_of_an_edited_field(memory, "Free-Form Text", set())
    assert changes == Changes(new=("vendor.custentity_tier",))


@pytest.mark.parametrize(("kind", "now"), [("Date", "date"), ("Date/Time", "datetime")])
def test_a_text_that_was_made_a_date_is_of_another_type(
    memory: Memory, kind: str, now: str
) -> None:
    changes = changes_of_an_edited_field(memory, kind, {"custentity_tier"})
    assert changes == Changes(retyped=(f"customer.custentity_tier ({now}, was text)",))


def test_a_table_that_is_refused_has_no_new_columns(memory: Memory) -> None:
    role = Role(rows=OWN, hidden=frozenset({"item"}))
    tables = [shipped_tables()["item"]]
    assert not changes_since(tables, Wanted(("item",)), memory, role.fetch, WORKERS).new
    assert role.asked_about("item")


def test_a_custom_table_without_a_key_may_be_gone(memory: Memory) -> None:
    listless = Table("customlist_tool", (), (Column("name", ColumnType.TEXT),))
    role = Role(hidden=frozenset({"customlist_tool"}))
    changes = changes_since([listless], Wanted(), memory, role.fetch, WORKERS)
    assert changes.gone == ("customlist_tool",)

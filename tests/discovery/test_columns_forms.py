"""Columns whose usual expression is refused are asked for by others, as few times as can be."""

import logging
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.columns import Proven, prove_columns
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused
from tap_netsuite_tba.netsuite.expressions import EXPRESSIONS
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.tables import DELETED_AT, PARENT_MODIFIED_AT, Column, ColumnType, Form, Table

from .columns import LINES, denied, names, prove, staying_fault, unnamed
from .role import PREFIX, Role, columns_of, unknown_identifier

Refusal = Callable[[str, str], NetSuiteError]
Expression = tuple[ColumnType, Form]
INSTANT = (ColumnType.DATETIME, Form.USUAL)
LOCAL = (ColumnType.DATETIME, Form.LOCAL)
DATE = (ColumnType.DATE, Form.USUAL)
TEXT = (ColumnType.TEXT, Form.USUAL)
CHAIN = (INSTANT, LOCAL, DATE, TEXT)
"""How an instant is asked for, one after another; a date begins at its own place."""


def unknown(table: str, name: str) -> NetSuiteError:
    return QueryRefused(unknown_identifier(f"t.{name}"), table=table)


def misused(table: str, name: str) -> NetSuiteError:
    words = f"SYS_EXTRACT_UTC or TO_CHAR cannot be applied to field '{name}'."
    return QueryRefused(f"{PREFIX}Search error occurred: {words}", table=table)


def table_with(*columns: Column) -> Table:
    return Table("customer", ("id",), (Column("id", ColumnType.INTEGER), *columns))


def instants(count: int) -> tuple[Column, ...]:
    return tuple(Column(f"at{number:03}", ColumnType.DATETIME) for number in range(count))


def expression_in(query: Query, name: str) -> Expression | None:
    """How a query asks for a column; None if it does not."""
    selected = query.text.partition(" FROM ")[0]
    for kind, form in (INSTANT, LOCAL, DATE):
        if EXPRESSIONS[kind][form].format(f"t.{name}") in selected:
            return kind, form
    return TEXT if re.search(rf"\bt\.{name}\b", selected) else None


@dataclass(frozen=True)
class Fate:
    """By which expressions NetSuite gives a column, and how it refuses the others."""

    accepted: frozenset[Expression]
    refusal: Refusal


def account_of(fates: Mapping[str, Fate]) -> Role:
    def trouble(query: Query) -> None:
        for name, fate in fates.items():
            asked = expression_in(query, name)
            if asked and asked not in fate.accepted:
                raise fate.refusal("customer", name)

    return Role(trouble=trouble)


def forms_of(columns: Sequence[Column]) -> list[Expression]:
    return [(column.type, column.form) for column in columns]


@pytest.mark.parametrize("refusal", [unnamed, denied, staying_fault, misused])
@pytest.mark.parametrize("found", [LOCAL, DATE, TEXT])
def test_an_instant_is_read_by_the_first_expression_that_works(
    refusal: Refusal, found: Expression, caplog: pytest.LogCaptureFixture
) -> None:
    table = table_with(*instants(2), Column("memo", ColumnType.TEXT))
    proven = prove(table, account_of({"at001": Fate(frozenset({found}), refusal)}))
    kind, form = found
    column = replace(table.columns[2], type=kind, form=form)
    assert proven == Proven((*table.columns[:2], column, table.columns[3]))
    [said] = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert said.startswith("NetSuite gives customer.at001 ")


@pytest.mark.parametrize("refusal", [unnamed, denied, staying_fault, misused])
def test_a_date_that_cannot_be_written_out_is_read_as_text(refusal: Refusal) -> None:
    due = Column("duedate", ColumnType.DATE, "When it is due.")
    proven = prove(table_with(due), account_of({"duedate": Fate(frozenset({TEXT}), refusal)}))
    assert proven.accepted[1:] == (replace(due, type=ColumnType.TEXT),)


@pytest.mark.parametrize("refusal", [unnamed, denied, staying_fault, misused])
def test_what_no_expression_gives_is_refused_as_it_was_asked_for_first(refusal: Refusal) -> None:
    table = table_with(*instants(3))
    proven = prove(table, account_of({"at001": Fate(frozenset(), refusal)}))
    [refused] = proven.refused
    assert refused.column is table.columns[2]
    assert refused.reason == refusal("customer", "at001").detail
    assert names(proven)[0] == ["id", "at000", "at002"]


def test_columns_that_are_not_there_are_asked_for_as_they_are_and_by_no_other_expression() -> None:
    role = account_of({"at001": Fate(frozenset(), unknown)})
    assert names(prove(table_with(*instants(3)), role))[1] == {"at001"}
    assert len(role.queries) == 3
    assert columns_of(role.queries[-1]) == ["at001"]
    assert expression_in(role.queries[-1], "at001") == TEXT


@pytest.mark.parametrize("found", [LOCAL, DATE])
def test_instants_that_are_falsely_said_to_be_absent_are_read_by_another_expression(
    found: Expression,
) -> None:
    columns = instants(4)
    fates = {c.name: Fate(frozenset({found, TEXT}), unknown) for c in columns[:3]}
    role = account_of(fates | {"at003": Fate(frozenset(), unknown)})
    proven = prove(table_with(*columns), role)
    assert forms_of(proven.accepted[1:]) == [found] * 3
    assert names(proven)[1] == {"at003"}


def test_an_unknown_function_makes_no_column_absent() -> None:
    def trouble(query: Query) -> None:
        if "SYS_EXTRACT_UTC" in query.text:
            raise unknown("customer", "SYS_EXTRACT_UTC")

    proven = prove(table_with(*instants(3)), Role(trouble=trouble))
    assert forms_of(proven.accepted[1:]) == [DATE] * 3


def test_instants_that_share_their_refusal_are_asked_for_by_another_expression_at_once() -> None:
    columns = instants(4)
    table = table_with(*columns, *(Column(f"memo{n}", ColumnType.TEXT) for n in range(80)))
    role = account_of({c.name: Fate(frozenset({LOCAL}), unnamed) for c in columns})
    proven = prove(table, role)
    assert forms_of(proven.accepted[1:5]) == [LOCAL] * 4
    assert proven.accepted[5:] == table.columns[5:]
    # All, the key, each of the instants, what is left without it, all as local.
    assert len(role.queries) == 2 + 2 * len(columns) + 1


def test_an_instant_of_owners_is_never_anything_else() -> None:
    def trouble(query: Query) -> None:
        if "SYS_EXTRACT_UTC(p.lastmodifieddate)" in query.text:
            raise unnamed("transactionaccountingline", "")

    proven = prove(LINES, Role(trouble=trouble))
    assert forms_of(proven.accepted)[1:] == [INSTANT, LOCAL]

    def more_trouble(query: Query) -> None:
        if "p.lastmodifieddate" in query.text:
            raise unnamed("transactionaccountingline", "")

    proven = prove(LINES, Role(trouble=more_trouble))
    assert names(proven)[1] == {PARENT_MODIFIED_AT}


def test_a_label_goes_with_its_column_and_not_the_other_way_round() -> None:
    table = table_with(
        Column("entity", ColumnType.INTEGER),
        Column("entity_label", ColumnType.TEXT, label_of="entity"),
        Column("status", ColumnType.TEXT),
        Column("status_label", ColumnType.TEXT, label_of="status"),
    )
    role = Role({"customer": {"entity"}})
    assert names(prove(table, role))[1] == {"entity", "entity_label"}
    assert len(role.queries) == 3

    for refusal in (unnamed, unknown, denied):

        def trouble(query: Query, refusal: Refusal = refusal) -> None:
            if "BUILTIN.DF(t.status)" in query.text:
                raise refusal("customer", "status")

        assert names(prove(table, Role(trouble=trouble)))[1] == {"status_label"}


def test_the_column_of_tombstones_is_never_asked_for_and_keeps_its_place() -> None:
    gone = Column(DELETED_AT, ColumnType.DATETIME)
    table = Table("customer", ("id",), (table_with().columns[0], gone, *instants(1)))
    role = account_of({"at000": Fate(frozenset({LOCAL}), unnamed)})
    proven = prove(table, role)
    assert [column.name for column in proven.accepted] == ["id", DELETED_AT, "at000"]
    assert prove_columns(table, (gone,), Role(trouble=_unwelcome).fetch) == Proven((gone,))


def _unwelcome(query: Query) -> None:
    raise AssertionError(query.text)


@pytest.mark.parametrize("refusal", [unnamed, unknown])
def test_a_table_without_key_may_lack_its_first_column(refusal: Refusal) -> None:
    table = Table("pairs", (), (*instants(1), Column("t", ColumnType.TEXT)))
    role = Role({"pairs": {"at000"}}, refusal=refusal)
    assert names(prove(table, role)) == (["t"], {"at000"})


@pytest.mark.parametrize("name", ["t", "p", "c", "n", "k", "x"])
@pytest.mark.parametrize("form", ["{}", "t.{}", "transactionaccountingline.{}"])
def test_a_column_may_be_called_like_a_table_in_the_query(name: str, form: str) -> None:
    columns = (LINES.columns[0], Column(name, ColumnType.TEXT), *LINES.columns[1:])

    def refusal(table: str, column: str) -> NetSuiteError:
        return QueryRefused(unknown_identifier(form.format(column)), table=table)

    role = Role({LINES.name: {name}}, refusal=refusal)
    assert names(prove(LINES.with_columns(columns), role))[1] == {name}


def test_a_name_that_lines_and_their_transactions_share_is_looked_for() -> None:
    """The refusal does not say whose it is: the own column stays, and so does what is not meant."""
    for refused, gone in (
        ("p.lastmodifieddate", PARENT_MODIFIED_AT),
        ("lastmodifieddate", "lastmodifieddate"),
    ):
        role = Role(
            {LINES.name: {refused}},
            refusal=lambda table, _: QueryRefused(
                unknown_identifier("lastmodifieddate"), table=table
            ),
        )
        assert names(prove(LINES, role))[1] == {gone}


FATES = st.builds(
    Fate,
    st.frozensets(st.sampled_from(CHAIN)),
    st.sampled_from([unnamed, denied, staying_fault, misused, unknown]),
)
KINDS = st.sampled_from(
    [ColumnType.TEXT, ColumnType.TEXT, ColumnType.DATETIME, ColumnType.DATE, ColumnType.INTEGER]
)


@settings(max_examples=80)
@given(
    st.integers(1, 230).flatmap(
        lambda width: st.tuples(
            st.just(width),
            st.lists(KINDS, min_size=1, max_size=7),
            st.dictionaries(st.integers(0, width - 1), FATES, max_size=12),
        )
    )
)
def test_each_column_is_found_in_its_form_or_refused_whatever_the_account(
    case: tuple[int, list[ColumnType], dict[int, Fate]],
) -> None:
    width, pattern, fates = case
    kinds = (pattern * width)[:width]
    columns = [Column(f"c{number:03}", kind) for number, kind in enumerate(kinds)]
    table = table_with(*columns)
    by_name = {f"c{number:03}": fate for number, fate in fates.items()}
    role = account_of(by_name)
    proven = prove(table, role)

    ends = [_end_of(column, by_name.get(column.name)) for column in columns]
    assert proven.accepted == (table.columns[0], *(end.found for end in ends if end.found))
    refused = [column for column, end in zip(columns, ends, strict=True) if not end.found]
    assert [each.column for each in proven.refused] == refused
    assert all(len(columns_of(query)) <= MAX_COLUMNS for query in role.queries)
    groups = math.ceil(len(table.columns) / MAX_COLUMNS)
    # Of each group the whole, the key, and what is asked for by another expression; of each refusal
    # the parts that it is in, itself as it is or again four times, each time behind the key.
    each_refusal = 2 * math.ceil(math.log2(MAX_COLUMNS)) + 8
    refusals = sum(end.refusals for end in ends)
    assert len(role.queries) <= groups * (2 + len(CHAIN) - 1) + refusals * each_refusal


class End(NamedTuple):
    """What is found of a column, None if it is refused, and how often it was."""

    found: Column | None
    refusals: int


def _end_of(column: Column, fate: Fate | None) -> End:
    own = (column.type, column.form)
    # Of a bare column no query tells of which type it is.
    chain = CHAIN[CHAIN.index(own) :] if own in CHAIN else (TEXT,)
    refusals = 0
    for kind, form in chain:
        if fate is None or (kind, form) in fate.accepted:
            return End(replace(column, type=kind, form=form) if refusals else column, refusals)
        refusals += 1
        if fate.refusal is unknown and TEXT not in fate.accepted:
            break
    return End(None, refusals)

"""Columns that no refusal names are found by bisection, with few questions."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.columns import Proven
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, RetriesExhausted
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Query

from .columns import SMALL, denied, names, prove, staying_fault, table_of, unnamed
from .role import UNNAMED, Role, columns_of, unknown_identifier


def test_a_refusal_that_names_a_column_that_was_not_asked_for_is_found_by_bisection() -> None:
    def refusal(table: str, name: str) -> NetSuiteError:
        del name
        return QueryRefused(unknown_identifier("somethingelse"), table=table)

    role = Role({"customer": {"column3"}}, refusal=refusal)
    assert names(prove(SMALL, role)) == (["id", "column1", "column2", "column4"], {"column3"})


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 250).flatmap(
        lambda width: st.tuples(
            st.just(width), st.sets(st.integers(1, max(width - 1, 1)), max_size=min(width - 1, 12))
        )
    ),
    st.sampled_from([unnamed, denied, staying_fault, None]),
)
def test_exactly_the_refused_columns_are_found_with_few_questions(
    case: tuple[int, set[int]], refusal: Callable[[str, str], NetSuiteError] | None
) -> None:
    width, positions = case
    table = table_of(width)
    refused = {table.columns[position].name for position in positions}
    role = Role({"customer": refused})
    if refusal:
        role.refusal = refusal
    accepted, found = names(prove(table, role))
    assert found == refused
    assert accepted == [name for name in table.column_names if name not in refused]
    groups = math.ceil(width / MAX_COLUMNS)
    # Of an unnamed one the key, and the halves above it; of a fault the key again, and itself.
    each = 1 + 2 * math.ceil(math.log2(MAX_COLUMNS)) + 2 * (refusal is staying_fault)
    assert len(role.queries) <= groups + len(refused) * (each if refusal else 1)
    assert all(len(columns_of(query)) <= MAX_COLUMNS for query in role.queries)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(1, 39)), st.sets(st.integers(1, 39)))
def test_refusals_with_and_without_names_may_come_mixed(named: set[int], silent: set[int]) -> None:
    table = table_of(40)

    def refusal(table_name: str, name: str) -> NetSuiteError:
        if table.column_names.index(name) in named:
            return QueryRefused(unknown_identifier(name), table=table_name)
        return QueryRefused(UNNAMED, table=table_name)

    refused = {table.column_names[position] for position in named | silent}
    role = Role({"customer": refused}, refusal=refusal)
    accepted, found = names(prove(table, role))
    assert found == refused
    assert set(accepted) == set(table.column_names) - refused


def test_a_table_that_accepts_no_column_but_its_key_ends() -> None:
    table = table_of(99)
    role = Role({"customer": set(table.column_names[1:])}, refusal=unnamed)
    assert names(prove(table, role)) == (["id"], set(table.column_names[1:]))
    # The whole, the key, and every half.
    assert len(role.queries) <= 2 + 2 * 99


def test_a_server_fault_that_stays_is_bisected_where_the_key_still_reads() -> None:
    role = Role({"customer": {"column3"}}, refusal=staying_fault)
    proven = prove(SMALL, role)
    assert names(proven) == (["id", "column1", "column2", "column4"], {"column3"})
    assert "Error ID: abc" in proven.refused[0].reason
    assert any(columns_of(query) == ["id"] for query in role.queries)


def test_a_server_fault_that_stays_is_trouble_where_the_key_does_not_read() -> None:
    role = Role({"customer": {"id"}}, refusal=staying_fault)
    with pytest.raises(RetriesExhausted):
        prove(SMALL, role)
    assert len(role.queries) == 2


def test_a_fault_that_passes_while_it_is_looked_for_costs_no_column() -> None:
    faults = [staying_fault("customer", "")]

    def trouble(query: Query) -> None:
        del query
        if faults:
            raise faults.pop()

    assert prove(SMALL, Role(trouble=trouble)) == Proven(SMALL.columns)


def test_a_fault_that_passes_costs_no_column_even_where_one_is_asked_for_alone() -> None:
    table, faults = table_of(MAX_COLUMNS + 1), [staying_fault("customer", "")]

    def trouble(query: Query) -> None:
        if columns_of(query) == [table.columns[-1].name] and faults:
            raise faults.pop()

    assert prove(table, Role(trouble=trouble)) == Proven(table.columns)


@pytest.mark.parametrize("fault", [staying_fault, unnamed])
def test_an_outage_is_waited_out_with_the_key_and_halves_are_hurried(
    fault: Callable[[str, str], NetSuiteError],
) -> None:
    role = Role({"customer": {"column3"}}, refusal=fault)
    prove(SMALL, role)
    assert role.queries[0].patience == SHORT_PATIENCE
    for query in role.queries[1:]:
        assert query.patience == (None if columns_of(query) == ["id"] else 1)


def test_a_column_that_answers_when_asked_once_more_stays() -> None:
    """The fault passes when the column has been asked for alone, and not before."""
    alone: list[Query] = []

    def trouble(query: Query) -> None:
        columns = columns_of(query)
        if columns == ["column3"]:
            alone.append(query)
        if "column3" in columns and len(alone) < 2:
            raise staying_fault("customer", "")

    assert names(prove(SMALL, Role(trouble=trouble))) == (list(SMALL.column_names), set())
    assert len(alone) == 2


def test_an_outage_that_begins_while_columns_are_looked_for_costs_none() -> None:
    role = Role({"customer": {"column3"}}, refusal=unnamed)

    def trouble(query: Query) -> None:
        del query
        if len(role.queries) > 2:
            raise staying_fault("customer", "")

    role.trouble = trouble
    with pytest.raises(RetriesExhausted):
        prove(SMALL, role)


def test_a_fault_of_the_key_after_an_unnamed_refusal_is_trouble() -> None:
    role = Role({"customer": {"column3"}}, refusal=unnamed)

    def trouble(query: Query) -> None:
        if columns_of(query) == ["id"]:
            raise staying_fault("customer", "")

    role.trouble = trouble
    with pytest.raises(RetriesExhausted):
        prove(SMALL, role)


def test_an_outage_that_only_the_patience_for_the_key_outlasts_costs_no_column() -> None:
    role = Role()

    def trouble(query: Query) -> None:
        patient = [q for q in role.queries if q.patience is None]
        # The second outage ends while the key is waited for; until then one second is too short.
        if len(role.queries) == 1 or (query.patience is not None and len(patient) < 2):
            raise staying_fault("customer", "")

    role.trouble = trouble
    assert names(prove(SMALL, role)) == (list(SMALL.column_names), set())

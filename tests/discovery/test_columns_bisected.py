"""Columns that no refusal names are looked for with few questions."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.columns import Proven, prove_columns
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, RetriesExhausted
from tap_netsuite_tba.netsuite.query import Query

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
    # A fault is confirmed four times, each time after the key.
    each = 2 * math.ceil(math.log2(MAX_COLUMNS)) + 8 * (refusal is staying_fault)
    assert len(role.queries) <= groups + len(refused) * (each if refusal else 1)
    assert all(len(columns_of(query)) <= MAX_COLUMNS for query in role.queries)


@pytest.mark.parametrize("width", [5, 40, MAX_COLUMNS])
def test_nothing_is_asked_whose_answer_is_known(width: int) -> None:
    table = table_of(width)
    # The whole, the key and the rest, and between them ever longer steps and their halves.
    most = 3 + math.ceil(1.5 * math.log2(width))
    for column in table.column_names[1:]:
        role = Role({"customer": {column}}, refusal=unnamed)
        assert names(prove(table, role))[1] == {column}
        texts = [query.text for query in role.queries]
        assert len(set(texts)) == len(texts) <= most


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
def test_an_outage_is_waited_out_with_the_key_and_nothing_else_is_waited_for(
    fault: Callable[[str, str], NetSuiteError],
) -> None:
    role = Role({"customer": {"column3"}}, refusal=fault)
    prove(SMALL, role)
    assert role.queries[0].patience == 1
    for query in role.queries[1:]:
        assert query.patience == (None if columns_of(query) == ["id"] else 0)


@pytest.mark.parametrize("failures", [1, 2, 3, 4])
def test_a_column_is_at_fault_only_after_four_failures_alone_each_just_after_its_table_answered(
    failures: int,
) -> None:
    alone: list[int] = []

    def trouble(query: Query) -> None:
        columns = columns_of(query)
        if columns == ["column3"]:
            alone.append(len(role.queries))
            assert columns_of(role.queries[-2]) == ["id"]
        if "column3" in columns and len(alone) <= failures:
            raise staying_fault("customer", "")

    role = Role(trouble=trouble)
    refused = {"column3"} if failures == 4 else set()
    assert names(prove(SMALL, role))[1] == refused
    assert len(alone) == min(failures + 1, 4)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(3, MAX_COLUMNS).flatmap(
        lambda width: st.tuples(
            st.just(width),
            st.lists(st.sets(st.integers(1, width - 1), min_size=2, max_size=4), max_size=5),
        )
    )
)
def test_what_is_accepted_is_accepted_together(case: tuple[int, list[set[int]]]) -> None:
    """Each set is of columns that are refused only if all of them are asked for."""
    width, together = case
    table = table_of(width)
    groups = [{table.column_names[position] for position in positions} for positions in together]

    def trouble(query: Query) -> None:
        if any(group.issubset(columns_of(query)) for group in groups):
            raise unnamed("customer", "")

    accepted, refused = names(prove(table, Role(trouble=trouble)))
    assert not any(group.issubset(accepted) for group in groups)
    # One column of each set is enough.
    assert len(refused) <= len(groups)


@pytest.mark.parametrize("refused_alone", [0, 1, 2])
def test_a_column_may_have_to_be_refused_alone_as_well(refused_alone: int) -> None:
    alone: list[Query] = []

    def trouble(query: Query) -> None:
        columns = columns_of(query)
        if columns == ["column3"]:
            alone.append(query)
        if columns == ["column3"] and len(alone) > refused_alone:
            return
        if "column3" in columns:
            raise unnamed("customer", "")

    role = Role(trouble=trouble)
    proven = prove_columns(SMALL, SMALL.columns, role.fetch, refusals_again=2)
    assert names(proven)[1] == ({"column3"} if refused_alone == 2 else set())


def test_a_refusal_that_names_its_column_need_not_come_again() -> None:
    role = Role({"customer": {"column3"}})
    assert prove_columns(SMALL, SMALL.columns, role.fetch, refusals_again=2) == prove(SMALL, role)
    assert len(role.queries) == 4


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

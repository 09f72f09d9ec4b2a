"""Which columns are left, and how many questions that takes."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.columns import Proven, prove_columns
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    QueryRefused,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Query
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType, Parent, Table

from .role import PREFIX, UNNAMED, Role, columns_of, hidden_table, unknown_identifier, unknown_table


def table_of(width: int) -> Table:
    names = ("id", *(f"column{number}" for number in range(1, width)))
    return Table("customer", ("id",), tuple(Column(name, ColumnType.INTEGER) for name in names))


SMALL = table_of(5)
LINES = Table(
    "transactionaccountingline",
    ("transaction",),
    (
        Column("transaction", ColumnType.INTEGER),
        Column("lastmodifieddate", ColumnType.DATETIME),
        Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    ),
    parent=Parent("transaction", "transaction"),
)


def prove(table: Table, role: Role) -> Proven:
    return prove_columns(table, table.columns, role.fetch)


def names(proven: Proven) -> tuple[list[str], set[str]]:
    return [c.name for c in proven.accepted], {r.column.name for r in proven.refused}


def unnamed(table: str, name: str) -> NetSuiteError:
    del name
    return QueryRefused(UNNAMED, table=table)


def denied(table: str, name: str) -> NetSuiteError:
    del name
    return PermissionDenied("Your current role does not have permission", status=403, table=table)


def staying_fault(table: str, name: str) -> NetSuiteError:
    del name
    return RetriesExhausted(
        ServerFault("An unexpected error occurred. Error ID: abc", status=500, table=table),
        seconds=10,
    )


def test_columns_that_are_all_accepted_cost_one_question() -> None:
    role = Role()
    assert prove(SMALL, role) == Proven(SMALL.columns)
    assert [query.text for query in role.queries] == [
        (
            "SELECT t.id, t.column1, t.column2, t.column3, t.column4 FROM customer t "
            "WHERE t.id IS NULL AND t.id IS NOT NULL"
        )
    ]


def test_a_question_is_short_of_patience_and_of_rows() -> None:
    role = Role()
    prove(SMALL, role)
    [query] = role.queries
    assert query.limit == 1
    assert query.patience is not None
    assert query.table == "customer"


@pytest.mark.parametrize(
    "words",
    [
        "Unknown identifier '{}'. Available identifiers are: {{customer=customer}}",
        "Unknown identifier '{}'. Available identifiers are: {{customer=customer}}.",
        "Field '{}' for record 'customer' was not found. Reason: NOT_EXPOSED",
        "Field '{}' for record 'customer' was not found. Reason: REMOVED.",
        "field '{}' for record 'customer' was not found.",
    ],
)
@pytest.mark.parametrize("form", ["{}", "t.{}", "T.{}"])
@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_a_refusal_that_names_its_column_costs_one_question(
    words: str, form: str, change: Callable[[str], str]
) -> None:
    def refusal(table: str, name: str) -> NetSuiteError:
        named = words.format(form.format(change(name)))
        return QueryRefused(f"{PREFIX}Search error occurred: {named}", table=table)

    role = Role({"customer": {"column2", "column4"}}, refusal=refusal)
    proven = prove(SMALL, role)
    assert names(proven) == (["id", "column1", "column3"], {"column2", "column4"})
    assert all(PREFIX in refused.reason for refused in proven.refused)
    assert len(role.queries) == 3


def test_a_refusal_of_the_date_of_transactions_takes_that_column_only() -> None:
    role = Role({"transactionaccountingline": {"p.lastmodifieddate"}}, refusal=unnamed)
    assert names(prove(LINES, role)) == (
        ["transaction", "lastmodifieddate"],
        {PARENT_MODIFIED_AT},
    )


def test_a_refused_column_of_the_transaction_does_not_take_the_lines_own_column_along() -> None:
    role = Role({"transactionaccountingline": {"p.lastmodifieddate"}})
    assert names(prove(LINES, role)) == (
        ["transaction", "lastmodifieddate"],
        {PARENT_MODIFIED_AT},
    )


@pytest.mark.parametrize(
    "detail",
    [
        hidden_table("customer"),
        hidden_table("customer").removesuffix("."),
        hidden_table("CUSTOMER"),
        unknown_table("customer"),
        unknown_table("Customer").removesuffix("."),
    ],
)
def test_a_table_that_is_refused_is_not_asked_for_by_its_columns(detail: str) -> None:
    def trouble(query: Query) -> None:
        raise QueryRefused(detail, table=query.table)

    role = Role(trouble=trouble)
    with pytest.raises(QueryRefused):
        prove(SMALL, role)
    assert len(role.queries) == 1


def test_a_hidden_column_of_a_table_is_not_taken_for_a_hidden_table() -> None:
    detail = f"{PREFIX}Search error occurred: Field 'column1' for record 'customer' was not found."
    role = Role(
        {"customer": {"column1"}}, refusal=lambda table, _: QueryRefused(detail, table=table)
    )
    assert names(prove(SMALL, role))[1] == {"column1"}


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
    # Of an unnamed one the halves above it, itself twice more, and the key twice.
    each = 2 * math.ceil(math.log2(MAX_COLUMNS)) + 4 if refusal else 1
    assert len(role.queries) <= groups + len(refused) * each
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
    # The whole, the key, every half, and each column once more.
    assert len(role.queries) <= 2 + 2 * 99 + 99


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


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("Invalid login attempt."),
        TimedOut("no answer within 300 s"),
        RetriesExhausted(ConcurrencyLimitExceeded("busy"), seconds=900),
        RetriesExhausted(ConnectionFailed("reset"), seconds=900),
        RetriesExhausted(MalformedResponse("<html>"), seconds=900),
    ],
)
@pytest.mark.parametrize("answers_before", [0, 1, 3])
def test_trouble_never_costs_a_column(error: NetSuiteError, answers_before: int) -> None:
    role = Role({"customer": {"column1", "column2", "column4"}}, refusal=unnamed)

    def trouble(query: Query) -> None:
        del query
        if len(role.queries) > answers_before:
            raise error

    role.trouble = trouble
    with pytest.raises(type(error)):
        prove(SMALL, role)
    assert len(role.queries) == answers_before + 1


@pytest.mark.parametrize(
    "refusal",
    [
        denied,
        unnamed,
        lambda table, _: NotFound("The record type does not exist.", status=404, table=table),
        lambda table, _: RequestRefused("No.", status=400, code="USER_ERROR", table=table),
    ],
)
class TestARefusalInAnyForm:
    def test_of_a_column_takes_that_column_only(
        self, refusal: Callable[[str, str], NetSuiteError]
    ) -> None:
        role = Role({"customer": {"column1", "column4"}}, refusal=refusal)
        assert names(prove(SMALL, role)) == (["id", "column2", "column3"], {"column1", "column4"})

    def test_of_the_key_as_well_is_one_of_the_table(
        self, refusal: Callable[[str, str], NetSuiteError]
    ) -> None:
        role = Role({"customer": {"id"}}, refusal=refusal)
        with pytest.raises(RequestRefused):
            prove(SMALL, role)
        assert [columns_of(query) for query in role.queries] == [list(SMALL.column_names), ["id"]]


@pytest.mark.parametrize("fault", [staying_fault, unnamed])
def test_only_the_first_question_and_the_key_are_waited_for(
    fault: Callable[[str, str], NetSuiteError],
) -> None:
    role = Role({"customer": {"column3"}}, refusal=fault)
    prove(SMALL, role)
    patient = [["id"], list(SMALL.column_names)]
    for query in role.queries:
        wanted = SHORT_PATIENCE if columns_of(query) in patient else 1
        assert query.patience == wanted


def test_a_key_that_is_named_is_the_table_though_it_is_not_asked_for_any_more() -> None:
    with pytest.raises(QueryRefused, match="'id'"):
        prove(SMALL, Role({"customer": {"id"}}))


def test_a_hidden_parent_costs_its_date_and_no_line() -> None:
    role = Role(hidden=frozenset({"transaction"}))
    proven = prove(LINES, role)
    assert names(proven) == (["transaction", "lastmodifieddate"], {PARENT_MODIFIED_AT})
    assert "Record 'transaction' was not found" in proven.refused[0].reason
    assert len(role.queries) == 2


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
        patient = [q for q in role.queries if q.patience == SHORT_PATIENCE]
        # The second outage ends while the key is waited for; until then one second is too short.
        if len(role.queries) == 1 or (query.patience != SHORT_PATIENCE and len(patient) < 3):
            raise staying_fault("customer", "")

    role.trouble = trouble
    assert names(prove(SMALL, role)) == (list(SMALL.column_names), set())


def test_a_refused_key_of_the_parent_is_not_the_lines_own_column() -> None:
    table = Table(
        "transactionline",
        ("id",),
        (
            Column("id", ColumnType.INTEGER),
            Column("transaction", ColumnType.INTEGER),
            Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
        ),
        parent=Parent("transaction", "transaction"),
    )

    def trouble(query: Query) -> None:
        if "p.id" in query.text:
            raise QueryRefused(unknown_identifier("p.id"), table=query.table)

    assert names(prove(table, Role(trouble=trouble)))[1] == {PARENT_MODIFIED_AT}

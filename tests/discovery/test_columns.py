"""Which columns are left, and what a refusal takes along."""

from collections.abc import Callable

import pytest

from tap_netsuite_tba.discovery.columns import Proven
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    QueryRefused,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType, Parent, Table

from .columns import LINES, SMALL, denied, names, prove, unnamed
from .role import PREFIX, Role, columns_of, hidden_table, unknown_identifier, unknown_table


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


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("Invalid login attempt."),
        NotFound("The record type does not exist.", status=404),
        TimedOut("no answer within 300 s"),
        RetriesExhausted(ConcurrencyLimitExceeded("busy"), seconds=900),
        RetriesExhausted(ConnectionFailed("reset"), seconds=900),
        RetriesExhausted(MalformedResponse("<html>"), seconds=900),
        RetriesExhausted(ServerFault("Service Unavailable", status=503), seconds=900),
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


def test_a_key_that_is_named_is_the_table_though_it_is_not_asked_for_any_more() -> None:
    with pytest.raises(QueryRefused, match="'id'"):
        prove(SMALL, Role({"customer": {"id"}}))


def test_a_hidden_parent_costs_its_date_and_no_line() -> None:
    role = Role(hidden=frozenset({"transaction"}))
    proven = prove(LINES, role)
    assert names(proven) == (["transaction", "lastmodifieddate"], {PARENT_MODIFIED_AT})
    assert "Record 'transaction' was not found" in proven.refused[0].reason
    assert len(role.queries) == 2


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

"""How often a query is run to find out which of its columns NetSuite refuses."""

import re
from collections.abc import Callable, Iterator

import pytest

from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import ColumnType, Form, Table
from tests.discovery.asked_queries import Asked, asking
from tests.discovery.rows import fault
from tests.discovery.test_queries import INVOICES


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with Simulator(transactions=300) as account, asking(account) as asked:
        yield asked


def unnamed(query: Query) -> NetSuiteError:
    return QueryRefused("Invalid or unsupported search", table=query.table, status=400)


class TestExpressionsRefusedWithoutAName:
    """Each question runs the aggregate."""

    DAY = frozenset({(ColumnType.DATE, Form.USUAL)})
    WIDE = OwnQuery(
        "wide",
        "SELECT t.entity AS customer, ? FROM transaction t "
        "WHERE t.entity > 0 GROUP BY t.entity".replace(
            "?",
            ", ".join(
                f"MAX(t.{name}) AS {name}{n}_, SUM(t.foreigntotal + {n}) AS sum_{name}{n}"
                for n in range(8)
                for name in ("lastmodifieddate", "trandate")
            ),
        ),
        ("customer",),
    )

    @staticmethod
    def found(
        asked: Asked,
        words: str,
        error: Callable[[Query], NetSuiteError],
        query: OwnQuery = WIDE,
    ) -> tuple[Table | str, int]:
        """What is found, or why nothing, and how often the query was run."""

        def fetch(question: Query) -> Page:
            if re.search(words, question.text):
                raise error(question)
            return asked.fetch(question)

        role = Asked(fetch)
        asked.texts.clear()
        try:
            found: Table | str = role.found(query)
        except Unreadable as error_:
            found = str(error_)
        return found, sum("GROUP BY" in text for text in role.texts)

    @pytest.mark.parametrize("error", [unnamed, fault])
    def test_all_instants_are_asked_for_otherwise_at_once(
        self, asked: Asked, error: Callable[[Query], NetSuiteError]
    ) -> None:
        found, runs = self.found(asked, r"SYS_EXTRACT_UTC\(t\.", error)
        assert isinstance(found, Table)
        computed = [column for column in found.columns if column.name.endswith("_")]
        assert {(column.type, column.form) for column in computed} == {
            (ColumnType.DATETIME, Form.LOCAL),
            (ColumnType.DATE, Form.USUAL),
        }
        assert len(computed) == 16
        assert runs <= 9

    def test_one_that_is_refused_makes_no_other_coarser(self, asked: Asked) -> None:
        text = (
            "SELECT t.id, t.createddatetime AS odd, t.createddatetime AS made, t.lastmodifieddate "
            "FROM transaction t"
        )
        words = r"SYS_EXTRACT_UTC\((TO_TIMESTAMP\(TO_CHAR\()?t\.odd\b"
        query = OwnQuery("mine", text, ("id",), "lastmodifieddate")
        found, _ = self.found(asked, words, unnamed, query)
        assert isinstance(found, Table)
        kinds = {column.name: column.type for column in found.columns}
        assert kinds["odd"] is ColumnType.DATE
        assert kinds["made"] is kinds["lastmodifieddate"] is ColumnType.DATETIME

    @pytest.mark.parametrize("error", [unnamed, fault])
    def test_what_takes_too_many_runs_to_find_leaves_the_query_out(
        self, asked: Asked, error: Callable[[Query], NetSuiteError]
    ) -> None:
        found, runs = self.found(asked, "TO_CHAR", error)
        assert "column_types" in str(found)
        assert runs <= 25

    def test_a_column_that_is_hard_to_find_leaves_the_query_out(self, asked: Asked) -> None:
        words = r"(?s)t\.sum_trandate3\b.* IS NULL AND"
        found, runs = self.found(asked, words, fault)
        assert "column_types" in str(found)
        assert "not found out" in str(found)
        assert runs <= 21

    def test_a_fault_that_passes_costs_no_form(self, asked: Asked) -> None:
        faults = iter([fault])

        def once(question: Query) -> Page:
            if "SYS_EXTRACT_UTC" in question.text and next(faults, None):
                raise fault(question)
            return asked.fetch(question)

        assert Asked(once).found(INVOICES) == asked.found(INVOICES)

"""When a question that fails is the query's fault, and when it is NetSuite's."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tests.discovery.rows import fault

MINE = OwnQuery("mine", "SELECT t.id FROM transaction t ORDER BY t.id;", ("id",))
WRAPPED = "SELECT t.id FROM (SELECT t.id FROM transaction t\n) t"
ALONE = "SELECT t.id FROM transaction t ORDER BY t.id"
PAGE = Page(b"[]", 0, has_more=False, total_results=0, asked_at=datetime.now(UTC))


class NetSuite:
    """Answers as told, by the text of a query, and notes what it was asked."""

    def __init__(self, **raises: Callable[[Query], NetSuiteError]) -> None:
        self.raises = {"wrapped": WRAPPED, "alone": ALONE, "other": "SELECT 1 AS n FROM dual"}
        self.raises_by_text = {self.raises[name]: error for name, error in raises.items()}
        self.texts: list[str] = []

    def fetch(self, query: Query) -> Page:
        self.texts.append(query.text)
        if error := self.raises_by_text.get(query.text):
            raise error(query)
        return PAGE


def asked(netsuite: NetSuite) -> Page:
    return Asking(MINE, netsuite.fetch).page(WRAPPED)


def refused(query: Query) -> NetSuiteError:
    return QueryRefused("Invalid or unsupported search", table=query.table, status=400)


def slow(query: Query) -> NetSuiteError:
    return TimedOut("no answer", table=query.table)


def test_an_answer_is_given_as_it_is() -> None:
    netsuite = NetSuite()
    assert asked(netsuite) is PAGE
    assert netsuite.texts == [WRAPPED]


def test_a_fault_that_passes_is_no_ones() -> None:
    netsuite = NetSuite(wrapped=fault)

    def recovered(query: Query) -> Page:
        page = netsuite.fetch(query)
        if query.text != WRAPPED:
            netsuite.raises_by_text.clear()
        return page

    assert Asking(MINE, recovered).page(WRAPPED) is PAGE
    assert netsuite.texts == [WRAPPED, "SELECT 1 AS n FROM dual", WRAPPED]


def test_a_fault_that_comes_again_after_another_answer_is_the_querys() -> None:
    with pytest.raises(Unreadable, match="UNEXPECTED_ERROR"):
        asked(NetSuite(wrapped=fault, alone=fault))


def test_an_account_without_dual_has_answered_too() -> None:
    with pytest.raises(Unreadable):
        asked(NetSuite(wrapped=fault, alone=fault, other=refused))


@pytest.mark.parametrize(
    "trouble",
    [
        lambda _: RetriesExhausted(ConnectionFailed("refused"), seconds=900),
        lambda _: LoginRefused("Invalid login attempt.", status=401),
    ],
)
def test_trouble_of_the_account_stays_that(trouble: Callable[[Query], NetSuiteError]) -> None:
    with pytest.raises(NetSuiteError) as caught:
        asked(NetSuite(wrapped=trouble))
    assert isinstance(caught.value, type(trouble(Query(WRAPPED))))


def test_an_outage_is_no_reason_to_leave_a_query_out() -> None:
    with pytest.raises(RetriesExhausted):
        asked(NetSuite(wrapped=fault, other=fault))


@pytest.mark.parametrize("late", [slow, lambda query: RetriesExhausted(slow(query), seconds=900)])
def test_one_that_takes_too_long_is_left_out_and_not_asked_again(
    late: Callable[[Query], NetSuiteError],
) -> None:
    netsuite = NetSuite(wrapped=late)
    with pytest.raises(Unreadable):
        asked(netsuite)
    assert netsuite.texts == [WRAPPED]


def test_of_two_refusals_the_one_of_the_query_as_it_was_written_is_told() -> None:
    def other_words(query: Query) -> NetSuiteError:
        return QueryRefused("Its own words", table=query.table, status=400)

    with pytest.raises(Unreadable, match="Its own words"):
        asked(NetSuite(wrapped=refused, alone=other_words))


def test_one_that_is_refused_in_parentheses_only_is_told_so() -> None:
    asking = Asking(MINE, NetSuite(wrapped=refused).fetch)
    with pytest.raises(Unreadable, match=r"unsupported search.*The query alone is taken"):
        asking.page(WRAPPED)
    assert isinstance(asking.refusal, QueryRefused)


def test_one_refusal_in_parentheses_is_not_believed() -> None:
    netsuite = NetSuite(wrapped=refused)

    def once(query: Query) -> Page:
        if query.text != WRAPPED:
            netsuite.raises_by_text.clear()
        return netsuite.fetch(query)

    asking = Asking(MINE, once)
    assert asking.page(WRAPPED) is PAGE
    assert netsuite.texts == [WRAPPED, ALONE, WRAPPED]
    assert asking.refusal is None


def test_trouble_of_the_account_between_two_refusals_stays_that() -> None:
    netsuite = NetSuite(wrapped=refused)

    def refused_once(query: Query) -> Page:
        if query.text == ALONE:
            netsuite.raises_by_text[WRAPPED] = lambda _: LoginRefused("Invalid login attempt.")
        return netsuite.fetch(query)

    with pytest.raises(LoginRefused):
        Asking(MINE, refused_once).page(WRAPPED)


def test_an_outage_is_no_fault_of_the_query_alone() -> None:
    netsuite = NetSuite(wrapped=refused, alone=fault)

    def recovered(query: Query) -> Page:
        page = netsuite.fetch(query)
        if "dual" in query.text:
            del netsuite.raises_by_text[ALONE]
        return page

    asking = Asking(MINE, recovered)
    with pytest.raises(Unreadable, match="The query alone is taken"):
        asking.page(WRAPPED)
    assert asking.refusal is not None
    assert netsuite.texts == [WRAPPED, ALONE, "SELECT 1 AS n FROM dual", ALONE, WRAPPED]


def test_one_that_was_answered_in_parentheses_is_not_told_to_be_refused_in_them() -> None:
    netsuite = NetSuite()
    asking = Asking(MINE, netsuite.fetch)
    asking.page(WRAPPED)
    netsuite.raises_by_text["SELECT of duplicates"] = refused
    with pytest.raises(Unreadable, match=r"unsupported search.*NetSuite gives rows of it") as said:
        asking.page("SELECT of duplicates")
    assert "parentheses" not in str(said.value)
    assert asking.refusal is None

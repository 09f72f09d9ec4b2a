import copy
import re
from collections.abc import Iterator

import pytest

from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.explanations import cause, explanation_of
from tap_netsuite_tba.netsuite import errors
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
    concerns_the_account,
    is_fault,
    is_refusal,
    is_unanswerable,
)


def kinds_below(kind: type[NetSuiteError]) -> Iterator[type[NetSuiteError]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds_below(below)


ALL = set(kinds_below(NetSuiteError))
CONCRETE = ALL - {errors.TemporaryTrouble, RetriesExhausted}


def test_the_drawing_shows_each_kind_of_error() -> None:
    drawn = set(re.findall(r"─ (\w+)", errors.__doc__ or ""))
    assert drawn == {kind.__name__ for kind in ALL}


@pytest.mark.parametrize("kind", sorted(CONCRETE, key=str))
def test_each_message_says_what_happened_where_and_what_to_do(kind: type[NetSuiteError]) -> None:
    error = kind("The cause.", table="customer", status=400)
    words = explanation_of(kind.__name__)
    # A login is refused whatever was asked for.
    where = "" if kind is LoginRefused else " (customer)"
    assert str(error).startswith(f"{words.what}{where}: The cause [400]. ")
    assert str(error).endswith(words.remedy)


def test_what_is_not_known_leaves_no_gap() -> None:
    assert NetSuiteError().fact == "NetSuite gave no answer that can be used."


def test_giving_up_names_the_last_trouble_and_the_setting() -> None:
    last = errors.ServerFault("Bad gateway", status=502, table="item")
    error = RetriesExhausted(last, seconds=912.3)
    assert str(error).startswith("Gave up: no success for 912 s. NetSuite failed (item): Bad gat")
    assert str(error).endswith("retry_timeout_seconds.")
    assert (error.status, error.table, error.last) == (502, "item", last)


def refused(code: str, reason: str | None = None) -> LoginRefused:
    return LoginRefused("Invalid login attempt.", status=401, code=code, reason=reason)


def test_a_refused_login_tells_the_likeliest_causes_and_where_the_true_one_is() -> None:
    said = str(refused("INVALID_LOGIN", "token_rejected"))
    likely = explanation_of("LoginRefused").causes_with("tba")
    assert all(each.cause in said for each in likely[:4])
    assert likely[4].cause not in said
    assert "View Login Audit Trail, column Detail" in said
    assert "`netsuite-tba check`" in said


@pytest.mark.parametrize(
    ("code", "reason", "key"),
    [
        ("INVALID_LOGIN", "consumer_key_refused", "integration_blocked"),
        ("INVALID_LOGIN", "InvalidSignature", "secret_wrong"),
        ("INVALID_LOGIN", "invalid_token", "bearer_rejected"),
        ("invalid_scope", None, "scope_missing"),
        ("invalid_scope", "invalid_scope", "scope_missing"),
    ],
)
def test_where_netsuite_has_a_word_for_the_reason_its_cause_alone_is_told(
    code: str, reason: str | None, key: str
) -> None:
    error = refused(code, reason)
    assert error.causes == (cause(key),)
    assert f"(1) {cause(key).cause} NetSuite" in str(error)


def test_a_word_that_netsuite_says_of_any_refusal_tells_nothing() -> None:
    assert refused("INVALID_LOGIN", "token_rejected").causes == refused("INVALID_LOGIN").causes
    assert refused("INVALID_LOGIN", "a word of tomorrow").causes == refused("INVALID_LOGIN").causes


def test_a_refusal_without_a_word_of_netsuites_is_most_likely_a_gateways() -> None:
    by_html = LoginRefused("130 bytes of text/html", status=401)
    assert by_html.causes[0] == cause("gateway_refuses")
    assert LoginRefused("", status=401, reason="invalid_token").causes == (
        cause("bearer_rejected"),
    )


def test_a_word_of_oauth_that_nobody_knows_leaves_the_causes_that_oauth_has() -> None:
    ranked = explanation_of("LoginRefused").causes_with("oauth2")
    assert refused("a_word_of_tomorrow").causes == ranked


def test_an_error_can_be_raised_again_as_a_copy() -> None:
    refused = LoginRefused("Invalid login attempt.", status=401, code="INVALID_LOGIN", path="p")
    again = copy.copy(refused)
    assert again is not refused
    assert str(again) == str(refused)


def test_one_except_clause_catches_all() -> None:
    assert all(issubclass(kind, TapNetSuiteError) for kind in ALL)


@pytest.mark.parametrize("kind", sorted(CONCRETE, key=str))
def test_a_refusal_is_final_and_neither_of_the_login_nor_of_the_address(
    kind: type[NetSuiteError],
) -> None:
    is_final = issubclass(kind, RequestRefused) and kind not in {LoginRefused, errors.NotFound}
    assert is_refusal(kind("No.")) is is_final
    assert is_unanswerable(kind("No.")) is (is_final or kind is TimedOut)


@pytest.mark.parametrize("kind", sorted(CONCRETE, key=str))
def test_a_fault_is_a_server_that_failed_time_and_again(kind: type[NetSuiteError]) -> None:
    own = kind("No.", status=500, code="UNEXPECTED_ERROR")
    given_up = RetriesExhausted(own, seconds=10)
    assert is_fault(given_up) is (kind is ServerFault)
    assert is_unanswerable(given_up) is (kind is ServerFault)
    assert not is_refusal(given_up)
    assert not is_fault(own)


@pytest.mark.parametrize(
    "gateways",
    [
        ServerFault("<html>", status=502),
        ServerFault("<html>", status=500),
        ServerFault("No.", status=503, code="UNEXPECTED_ERROR"),
        ServerFault("No.", status=500, code="USER_ERROR"),
        ServerFault("No.", status=500, code="UNEXPECTED_ERROR", retry_after=0),
    ],
    ids=str,
)
def test_what_may_be_a_gateways_is_no_fault_of_a_query(gateways: NetSuiteError) -> None:
    given_up = RetriesExhausted(gateways, seconds=900)
    assert not is_fault(given_up)
    assert is_unanswerable(given_up)


def test_what_one_table_meets_alone_does_not_concern_the_account() -> None:
    of_table = {errors.ServerFault, errors.MalformedResponse, TimedOut}
    given_up = {
        kind for kind in CONCRETE if concerns_the_account(RetriesExhausted(kind(), seconds=1))
    }
    assert given_up == CONCRETE - of_table
    at_once = {kind for kind in CONCRETE if concerns_the_account(kind())}
    assert at_once >= {LoginRefused, errors.ConnectionFailed}
    assert not at_once & (of_table | {RequestRefused})

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

import tap_netsuite_tba
from tap_netsuite_tba.discovery.families import UNSEEN
from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.explanations import (
    Cause,
    Permission,
    cause,
    causes_of_audit,
    explanation_of,
    permissions,
)
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator.audit import AuditReason
from tap_netsuite_tba.simulator.role_files import load_role
from tap_netsuite_tba.tables import Group
from tests.generated_documents import CAUSES, ERRORS

# Of SOAP, REST and RESTlets, and of OAuth 2.0 in the Login Audit Trail: Oracle's help.
IN_THE_AUDIT_TRAIL = {
    "AccessTokenExpired",
    "EntityOrRoleDisabled",
    "FeatureDisabled",
    "InvalidIntegration",
    "InvalidSignature",
    "InvalidTimestamp",
    "MissingTokenPassportRequiredFields",
    "NonceUsed",
    "ScopeMismatched",
    "TokenRejected",
    "UnknownAlgorithm",
    "VersionRejected",
    "consumer_key_refused",
    "consumer_key_unknown",
    "nonce_rejected",
    "nonce_used",
    "parameter_rejected",
    "permission_denied",
    "temporary_locked",
    "token_rejected",
}
# Of the token endpoint and of what a token opens: RFC 6749 and RFC 6750.
IN_ANSWERS = {
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_token",
    "unauthorized_client",
    "unsupported_grant_type",
}


def classes_below(kind: type[TapNetSuiteError]) -> Iterator[type[TapNetSuiteError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from classes_below(below)


def all_classes() -> dict[str, type[TapNetSuiteError]]:
    """Every class of errors in the package, once all modules that may have one are imported."""
    for module in pkgutil.walk_packages(tap_netsuite_tba.__path__, "tap_netsuite_tba."):
        # The simulator shares no code with the rest, nor its errors.
        if ".simulator." not in module.name:
            importlib.import_module(module.name)
    return {
        kind.__name__: kind
        for kind in classes_below(TapNetSuiteError)
        if kind.__module__.startswith("tap_netsuite_tba.")
    }


CLASSES = all_classes()


def test_each_class_of_errors_has_words_and_all_words_have_a_class() -> None:
    assert set(CLASSES) == set(ERRORS)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_what_happened_and_what_to_do(name: str) -> None:
    words = explanation_of(name)
    assert not words.what.endswith(".")
    assert words.remedy.endswith(".")


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_has_causes_unless_it_only_stands_for_others(name: str) -> None:
    assert explanation_of(name).causes or CLASSES[name].__subclasses__()


def test_no_class_has_words_of_its_own_beside_the_file() -> None:
    assert [name for name, kind in CLASSES.items() if "what" in vars(kind)] == ["NetSuiteError"]


@pytest.mark.parametrize("each", CAUSES, ids=lambda each: each.key)
def test_a_cause_is_in_sentences_and_its_place_is_none(each: Cause) -> None:
    assert each.cause.endswith(".")
    assert each.remedy.endswith(".")
    assert not each.where.endswith(".")
    assert each.method in ("", "tba", "oauth2")


@pytest.mark.parametrize("each", [*CAUSES, *permissions()])
def test_no_text_breaks_a_line_or_a_table(each: Cause | Permission) -> None:
    texts = [text for text in vars(each).values() if isinstance(text, str)]
    assert not re.search(r"[|*\n]|  ", " ".join(filter(None, texts)))


@pytest.mark.parametrize("word", sorted({*IN_THE_AUDIT_TRAIL, *IN_ANSWERS, *AuditReason}))
def test_each_word_of_netsuite_for_a_refused_login_has_a_cause_in_any_case(word: str) -> None:
    ranked = explanation_of("LoginRefused").causes
    assert causes_of_audit(word)
    assert set(causes_of_audit(word)) <= set(ranked)
    assert causes_of_audit(word.upper()) == causes_of_audit(word)


def test_causes_of_one_word_come_in_the_order_of_their_rank() -> None:
    keys = [each.key for each in causes_of_audit("token_rejected")]
    assert keys == ["token_rejected", "other_environment"]


def test_a_word_that_nobody_knows_has_no_cause() -> None:
    assert causes_of_audit("a word of tomorrow") == ()


def test_the_likeliest_cause_of_a_refused_login_is_a_wrong_token_or_certificate() -> None:
    words = explanation_of("LoginRefused")
    assert words.causes_with("tba")[0] == cause("token_rejected")
    first_of_oauth2 = next(each for each in words.causes if each.method == "oauth2")
    assert first_of_oauth2 == cause("certificate_not_mapped")


@pytest.mark.parametrize("method", ["tba", "oauth2"])
def test_what_can_be_met_by_one_method_only_is_left_out_with_the_other(method: str) -> None:
    causes = explanation_of("LoginRefused").causes_with(method)
    assert {each.method for each in causes} == {"", method}


def test_whose_settings_are_in_meltano_is_told_how_to_check_a_refused_login() -> None:
    assert "`meltano invoke tap-netsuite-tba:check --text`" in explanation_of("LoginRefused").remedy


def test_an_inactive_user_or_role_is_one_cause_by_either_way_to_log_in() -> None:
    assert causes_of_audit("EntityOrRoleDisabled") == (cause("user_or_role_inactive"),)
    inactive = [each.key for each in CAUSES if re.search("(user|role).* is inactive", each.cause)]
    assert inactive == ["user_or_role_inactive"]


@pytest.mark.parametrize("each", permissions(), ids=lambda each: each.name)
def test_a_permission_opens_the_tables_whose_descriptions_name_it(each: Permission) -> None:
    for table in each.tables:
        described = shipped_tables()[table]
        assert each.path in described.permissions
        assert described.feature.startswith(each.feature)


@pytest.mark.parametrize(
    "name", [table.name for table in shipped_tables().values() if table.group is Group.CORE]
)
def test_each_main_table_is_opened_by_a_permission_of_the_minimal_role(name: str) -> None:
    paths = {each.path for each in permissions()}
    assert paths & set(shipped_tables()[name].permissions)


@pytest.mark.parametrize("wanted", [permission for _, permission in UNSEEN.values()])
def test_each_permission_that_discovery_wants_is_of_the_minimal_role(wanted: str) -> None:
    assert wanted in {each.path for each in permissions()}


def test_the_simulators_role_of_the_guide_has_permissions_of_the_guide() -> None:
    known = {name for each in permissions() for name in (each.name, *each.either)}
    assert set(load_role("integration").permissions or ()) <= known


def test_what_nothing_works_without_is_marked() -> None:
    always = [each.name for each in permissions() if each.needed.startswith("always")]
    assert always == [
        "Log in using Access Tokens",
        "Log in using OAuth 2.0 Access Tokens",
        "REST Web Services",
        "SuiteAnalytics Workbook",
    ]


_TELL_OF_FILES = """
import sys
sys.addaudithook(lambda event, arguments: event == "open" and print("OPENED", arguments[0]))
"""


@pytest.mark.parametrize(
    ("code", "argument"),
    [
        ("from tap_netsuite_tba.tap import main; main()", "--about"),
        ("from tap_netsuite_tba.cli import main; main()", "--help"),
        ("import tap_netsuite_tba.connection", "-"),
    ],
)
def test_who_meets_no_trouble_does_not_wait_for_the_file(code: str, argument: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TELL_OF_FILES + code, argument],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search("OPENED .*tap_netsuite_tba", done.stdout)
    assert "explanations.toml" not in done.stdout

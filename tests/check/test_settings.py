"""What a check says of settings that cannot be used, or look odd."""

from typing import Any

import pytest

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding
from tap_netsuite_tba.check.settings_given import check_settings
from tap_netsuite_tba.errors import ConfigurationError
from tests.check.checked import checked

WHOLE = {
    "account_id": "1234567_SB1",
    "consumer_key": "0" * 64,
    "consumer_secret": "1" * 64,
    "token_id": "a" * 64,
    "token_secret": "F" * 64,
}


def found(config: dict[str, Any]) -> Finding:
    case = Case(lambda: config)
    try:
        return check_settings(case)
    finally:
        case.close()


def test_whole_settings_pass_without_a_word_more() -> None:
    finding = found(WHOLE)
    assert finding.status == "passed"
    assert finding.notes == ()
    assert finding.seen == (
        "Account 1234567_SB1, a sandbox, at https://1234567-sb1.suitetalk.api.netsuite.com, by "
        "Token-Based Authentication"
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"account_id": " 1234567-sb1 "}, "account_id 1234567-sb1 was read as 1234567_SB1"),
        ({"token_id": "a" * 63}, "token_id (63 characters): "),
        ({"token_id": "g" * 64}, "token_id (64 characters): "),
        ({name: f"fake-{name}" for name in WHOLE if name != "account_id"}, "consumer_key (17 "),
        ({"token_id": "1" * 64}, "consumer_secret, token_id: "),
        ({"consumer_key": "1234567-sb1"}, "consumer_key: The account id stands"),
        ({"base_url": "https://7654321.suitetalk.api.netsuite.com"}, "host of another account"),
    ],
)
def test_what_looks_odd_is_told_and_fails_nothing(settings: dict[str, str], words: str) -> None:
    finding = found(WHOLE | settings)
    assert finding.status == "passed"
    assert words in "\n".join(finding.notes)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"token_secret": "a b"}, "token_secret has white space in it"),
        ({"account_id": "1234567_SB1_X"}, "account_id is neither an account id nor an address"),
        ({"token_id": None}, "token_id missing"),
        ({"max_sessions": 6}, "max_sessions: 6"),
        ({"base_url": "http://example.com"}, "base_url is plain http to another machine"),
        ({"demo": True}, "demo is true"),
    ],
)
def test_settings_that_cannot_be_used_are_told_and_end_the_check(
    settings: dict[str, object], words: str
) -> None:
    done = checked(WHOLE | settings)
    assert done.failed == ["settings"]
    assert len(done.skipped) == 12
    assert done.exit_code == 3
    assert words in done["settings"].causes[0].cause


def test_every_setting_that_is_wrong_has_a_cause_of_its_own() -> None:
    finding = found({**WHOLE, "max_sessions": 6, "lookback_seconds": -1})
    assert len(finding.causes) == 2
    assert finding.seen == "Settings cannot be used"


def test_settings_that_cannot_be_read_are_told() -> None:
    def unreadable() -> dict[str, Any]:
        raise ConfigurationError("The configuration in x.json is no JSON.")

    finding = check_settings(Case(unreadable))
    assert finding.status == "failed"
    assert finding.causes[0].cause == "The configuration in x.json is no JSON."


def test_with_oauth2_a_base_url_of_somebody_else_is_refused() -> None:
    config = {"account_id": "1234567", "auth_method": "oauth2", "client_id": "0" * 64}
    finding = found(config | {"certificate_id": "fake", "private_key": "no key"})
    assert finding.status == "failed"
    assert finding.causes[0].cause.startswith("private_key")

"""What a check says of a login by OAuth 2.0."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tap_netsuite_tba.netsuite.refusals import default_path
from tap_netsuite_tba.simulator import Simulator
from tests.check.checked import checked
from tests.integration.roles import without
from tests.netsuite.keys import pem
from tests.tap_process import by_certificate

Setting = dict[str, Any]


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(company=False, role="integration") as account:
        yield account


def test_a_good_certificate_passes_and_whose_it_is_is_not_asked(account: Simulator) -> None:
    done = checked(by_certificate(account))
    assert done["login"].status == "passed"
    assert done["settings"].facts["auth_method"] == "oauth2"
    assert done["identity"].status == "skipped"
    assert "M2M" in done["identity"].seen
    assert "/rest/tokeninfo" not in account.counters.services
    assert not account.logins.audit


def revoked(account: Simulator, config: Setting) -> Setting:
    account.oauth2.revoke(config["certificate_id"])
    return {}


def ended(account: Simulator, _: Setting) -> Setting:
    account.clock.advance(timedelta(days=800).total_seconds())
    return {}


def barred(account: Simulator, _: Setting) -> Setting:
    account.role = without("Log in using OAuth 2.0 Access Tokens")
    return {}


def of_another_key(_: Simulator, __: Setting) -> Setting:
    return {"private_key": pem()}


@pytest.mark.parametrize(
    ("key", "mishap"),
    [
        ("certificate_not_mapped", revoked),
        ("certificate_ended", ended),
        ("role_may_not_use_oauth2", barred),
        ("key_of_other_certificate", of_another_key),
    ],
)
def test_the_true_cause_is_among_those_named_and_one_login_was_refused(
    account: Simulator, key: str, mishap: Callable[[Simulator, Setting], Setting]
) -> None:
    config = by_certificate(account)
    done = checked(config | mishap(account, config))
    assert "login" in done.failed
    assert key in done.causes("login")
    assert not [cause for cause in done["login"].causes if cause.method == "tba"]
    assert sum(account.logins.audit.values()) == 1
    assert "PRIVATE KEY" not in str(done)


def test_behind_another_address_a_run_may_try_what_a_check_may_not(account: Simulator) -> None:
    """NetSuite may want its own address in an assertion that goes by way of a proxy."""
    config = by_certificate(account)
    account.oauth2.revoke(config["certificate_id"])
    assert checked(config).failed == ["login"]
    assert sum(account.logins.audit.values()) == 1
    assert not default_path().exists()

"""Whether the settings are complete and well-formed, and what looks odd in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, failed, passed
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.explanations import Cause, cause
from tap_netsuite_tba.settings import problems

_CUT = "credential_not_whole"
_AS_NETSUITE_MAKES_THEM = re.compile("[0-9a-f]{64}", re.IGNORECASE)
_ENVIRONMENTS = {
    re.compile(r".*_SB[0-9]*"): ", a sandbox",
    re.compile(r".*_RP[0-9]*"): ", a Release Preview account",
}
_METHODS = {"tba": "Token-Based Authentication", "oauth2": "OAuth 2.0"}
_OF_ONE_FORM = {
    "tba": ("consumer_key", "consumer_secret", "token_id", "token_secret"),
    "oauth2": ("client_id",),
}
"""The settings that NetSuite makes in one form, whichever account they are of."""


def check_settings(case: Case) -> Finding:
    """Read the settings, and look at what was made of them."""
    try:
        if wrong := problems(case.config):
            return _unusable(*wrong)
        account, _ = case.account, case.client
    except ConfigurationError as error:
        return _unusable(str(error))
    odd = tuple(_oddities(case))
    # Where no credential looks right, as at an imitation of NetSuite, their looks tell nothing.
    case.oddities = tuple(each for each in odd if each.key != _CUT or _one_looks_right(case))
    environment = next(
        (words for form, words in _ENVIRONMENTS.items() if form.fullmatch(account.realm)), ""
    )
    given = (case.settings.account_id or "").strip()
    read_as = [f"account_id {given} was read as {account.realm}"] if given != account.realm else []
    return passed(
        f"Account {account.realm}{environment}, at {account.base_url}, by "
        f"{_METHODS[case.settings.auth_method]}",
        *([] if case.settings.demo else read_as),
        *(each.cause for each in odd),
        account=account.realm,
        base_url=account.base_url,
        auth_method=case.settings.auth_method,
        max_sessions=case.settings.max_sessions,
    )


def _unusable(*sentences: str) -> Finding:
    """Each sentence says which setting it is about, and what to write instead."""
    seen = "A setting cannot be used" if len(sentences) == 1 else "Settings cannot be used"
    return failed(seen, *(Cause("setting", sentence, "", "") for sentence in sentences))


def _oddities(case: Case) -> Iterator[Cause]:
    """What fails nothing by itself, but is the first thing to look at if the login is refused."""
    if case.settings.demo:
        return
    if not case.account.is_at_netsuite and _is_netsuites(case.account.base_url):
        yield cause("base_url_of_other_account")
    given = _given(case)
    alike = [name for name, text in given.items() if [*given.values()].count(text) > 1]
    ids = [name for name, text in given.items() if _letters(text) == _letters(case.account.realm)]
    cut = [
        f"{name} ({len(text)} characters)"
        for name, text in given.items()
        if name not in ids and not _AS_NETSUITE_MAKES_THEM.fullmatch(text)
    ]
    for key, seen_in in (
        ("credential_twice", alike),
        ("account_id_as_credential", ids),
        (_CUT, cut),
    ):
        if seen_in:
            found = cause(key)
            yield replace(found, cause=f"{', '.join(seen_in)}: {found.cause}")


def _one_looks_right(case: Case) -> bool:
    return any(map(_AS_NETSUITE_MAKES_THEM.fullmatch, _given(case).values()))


def _given(case: Case) -> Mapping[str, str]:
    """The credentials that NetSuite makes in one form."""
    names = _OF_ONE_FORM[case.settings.auth_method]
    return {name: str(getattr(case.settings, name)) for name in names}


def _is_netsuites(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(".netsuite.com")


def _letters(text: str) -> str:
    return re.sub("[^A-Z0-9]", "", text.upper())

"""Whatever is answered, and however it is told, no secret and no signature is in it."""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.auth import auth_for
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import LoginRefused, NetSuiteError
from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.simulator.oauth2_certificates import make_certificate
from tests.contract.canaries import CREDENTIALS, lines_of, secrets_of, seen
from tests.netsuite.conftest import Connect
from tests.netsuite.sending import post, sending
from tests.netsuite.server import (
    GATEWAY_PAGE,
    LOGIN_REFUSED,
    TOO_MANY,
    Answer,
    Asked,
    Server,
    page,
    refusal,
)

OWN = Credentials(
    CREDENTIALS.consumer_key,
    CREDENTIALS.consumer_secret,
    CREDENTIALS.token_id,
    CREDENTIALS.token_secret,
)
HTML = {"Content-Type": "text/html"}


def repeated(asked: Asked) -> str:
    """The head of a request, as some gateways show it to whoever sent it."""
    return "\n".join(f"{name}: {value}" for name, value in asked.headers.items())


ANSWERS: Mapping[str, Callable[[Asked], Answer]] = {
    "a refused login": lambda _: LOGIN_REFUSED,
    "too many requests": lambda _: TOO_MANY,
    "a refused query": lambda _: refusal(400, "INVALID_PARAMETER", parameter="q"),
    "no permission": lambda _: refusal(403, "INSUFFICIENT_PERMISSION"),
    "nothing there": lambda _: refusal(404, "NOT_FOUND"),
    "a fault": lambda _: refusal(500, "UNEXPECTED_ERROR"),
    "a gateway's page": lambda _: GATEWAY_PAGE,
    "half a page": lambda _: page({"id": "1"}).cut(40),
    "no answer": lambda _: page().cut(0),
    "a redirect": lambda asked: Answer(302, headers={"Location": f"/?{asked.headers}"}),
    "a page that repeats the request": lambda asked: Answer(
        431, f"<title>Too large</title><pre>{repeated(asked)}</pre>".encode(), HTML
    ),
    "a title that does": lambda asked: Answer(
        400, f"<title>{asked.headers['Authorization']}</title>".encode(), HTML
    ),
    "JSON that does": lambda asked: refusal(400, "BAD_REQUEST", repeated(asked)),
    "a login refused so": lambda asked: refusal(401, "INVALID_LOGIN", repeated(asked)),
    "a message of another form": lambda asked: Answer(
        400, json.dumps({"title": repeated(asked), "o:errorCode": "X"}).encode()
    ),
    "a type that does": lambda asked: Answer(
        502, b"", {"Content-Type": f"text/{asked.headers['Authorization']}"}
    ),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_is_told_without_a_secret(
    kind: str, server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("oauthlib", "requests_oauthlib", "urllib3")):
            caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.DEBUG)
    server.answer_by(ANSWERS[kind])
    client = connect(credentials=OWN, retry_timeout=5)
    with pytest.raises(NetSuiteError) as raised:
        client.fetch(Query("SELECT t.id FROM customer t", table="customer"))
    said = [
        caplog.text,
        str(raised.value),
        repr(raised.value),
        *traceback.format_exception(raised.value),
    ]
    assert "urllib3.connectionpool" in caplog.text
    signatures = [s for asked in server.asked for s in secrets_of(asked.headers["Authorization"])]
    assert signatures
    assert seen("\n".join(said), signatures) == []


def test_a_refused_assertion_is_told_without_it(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = make_certificate("P-256", "id", "1", datetime.now(UTC), timedelta(days=1))
    credentials = CertificateCredentials.read("id", "1", made.private_key)

    def repeat(asked: Asked) -> Answer:
        said = {"error": "invalid_grant", "error_description": f"No: {asked.body.decode()}"}
        return Answer(400, json.dumps(said).encode())

    server.answer_by(repeat)
    account = Account.parse("1234567", server.url)
    auth = auth_for(account, credentials, Clock(), user_agent="test", connect_timeout=10)
    with sending(account, auth) as transport, pytest.raises(LoginRefused) as raised:
        post(transport)
    [asked] = server.asked
    assertion = parse_qs(asked.body.decode())["client_assertion"][0]
    said = [caplog.text, repr(raised.value), *traceback.format_exception(raised.value)]
    secrets = (assertion, *assertion.split("."), *lines_of(made.private_key))
    assert seen("\n".join(said), secrets) == []


KEY = "0123456789abcdef" * 4
"""As NetSuite's keys, tokens and secrets are written."""


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (
            'Bad header: OAuth realm="1", oauth_token="x", oauth_signature="y%3D".',
            'Bad header: OAuth realm="1", …, ….',
        ),
        ("Bad header: Bearer abcdefghij0123456789==.", "Bad header: …."),
        ("No: oauth_token=x&oauth_signature=y%3D", "No: …&…"),
        ("No: oauth_token='x'.", "No: …."),
        ('No: oauth_token=\\"x\\".', "No: …."),
        ("No: oauth_token=&quot;x&quot; in it", "No: … in it"),
        ("No: oauth_token%3D%22x%22", "No: …"),
        ("No: {'oauth_consumer_key': 'x'}", "No: {'…}"),
        ('No: {"OAuth_Nonce":"x","b":1}', 'No: {"…,"b":1}'),
        (f"The key {KEY}, the token '{KEY}', %22{KEY}%22.", "The key …, the token '…', %…%22."),
        ("No: authorization: bearer abcdef12345 there", "No: authorization: … there"),
        ("No: Bearer%20abcdefGHIJklm", "No: …"),
        (
            "No: client_assertion=eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJ4In0.abc-_d",
            "No: client_assertion=…",
        ),
        ("No: %22eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJ4In0.abc-_d%22", "No: %22…%22"),
        (f"Signed {'aB+/' * 10}abc=.", "Signed …."),
        (f"Signed {'aB%2B%2F' * 10}abc%3D.", "Signed …."),
        ("Give the role 'Log in using OAuth 2.0 Access Tokens'.", ""),
        ("Bearer tokens are not accepted here.", ""),
        ("Bearer customer_entity_relationship of the Bearer of internationalization-token", ""),
        ('Field oauth_state="open" was not found; oauth_token is missing.', ""),
        ("WHERE t.custrecord_a_very_long_name_of_a_field_of_many_letters=1", ""),
    ],
)
def test_only_credentials_are_left_out_of_netsuites_words(
    answered: str, said: str, server: Server, connect: Connect
) -> None:
    server.script([], then=refusal(400, "BAD_REQUEST", answered))
    with pytest.raises(NetSuiteError) as raised:
        connect().fetch(Query("SELECT t.id FROM customer t"))
    assert raised.value.detail == (said or answered)


PARTS: Mapping[str, Callable[[str], Answer]] = {
    "detail": lambda text: refusal(400, "BAD_REQUEST", text),
    "code": lambda text: refusal(400, text),
    "path": lambda text: refusal(400, "BAD_REQUEST", errorHeader=text),
    "request_id": lambda text: replace(
        refusal(400, "BAD_REQUEST"), headers={"x-n-operationid": text}
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_an_answer_is_cleaned(part: str, server: Server, connect: Connect) -> None:
    forged = f'\x1b[31m oauth_token="x" Bearer abcdefghij0123456789 {KEY}'
    server.script([], then=PARTS[part](forged))
    with pytest.raises(NetSuiteError) as raised:
        connect().fetch(Query("SELECT t.id FROM customer t"))
    assert getattr(raised.value, part) == " [31m … … …"


@pytest.mark.parametrize("part", sorted(set(PARTS) - {"detail"}))
def test_a_mark_of_an_answer_is_short(part: str, server: Server, connect: Connect) -> None:
    server.script([], then=PARTS[part]("x y " * 1000))
    with pytest.raises(NetSuiteError) as raised:
        connect().fetch(Query("SELECT t.id FROM customer t"))
    assert len(getattr(raised.value, part)) == 200


@pytest.mark.parametrize("word", ["code", "reason"])
def test_the_word_of_the_token_endpoint_is_cleaned_too(word: str) -> None:
    refused = LoginRefused("", **{word: 'no\nWARNING oauth_token="x"'})  # type: ignore[arg-type] # one of its texts
    assert getattr(refused, word) == "no WARNING …"


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x1b", "\0", "\x9b", "\u2028"])
def test_netsuites_words_neither_forge_a_line_nor_steer_a_terminal(
    sign: str, server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    forged = f"No.{sign}2026-01-01 | INFO | All is well."
    server.script([refusal(500, "UNEXPECTED_ERROR", forged)])
    connect().fetch(Query("SELECT t.id FROM customer t"))
    [said] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "No. 2026-01-01 | INFO" in said
    assert sign not in said


def test_queries_are_logged_for_debugging_only_and_rows_never(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script([page({"id": "1", "entitytitle": "a customer's name"})])
    found = connect().fetch(Query("SELECT t.id, t.entitytitle FROM customer t"))
    assert b"a customer's name" in found.items
    assert "a customer's name" not in f"{caplog.text} {found!r}"
    [level] = {record.levelname for record in caplog.records if "SELECT" in record.getMessage()}
    assert level == "DEBUG"

"""What a client says of what it does, and what it never says."""

import logging
import traceback
from dataclasses import astuple, replace

import pytest

from tap_netsuite_tba.netsuite.errors import LoginRefused
from tap_netsuite_tba.netsuite.query import Query, Resource
from tests.netsuite.conftest import CREDENTIALS, Connect
from tests.netsuite.server import (
    GATEWAY_PAGE,
    LOGIN_REFUSED,
    TOO_MANY,
    Server,
    page,
)

QUERY = Query("SELECT id FROM customer ORDER BY id ASC", limit=7, table="customer")


def test_what_is_asked_is_logged_for_debugging_only_and_in_one_line(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script([page({"id": "a value"})])
    client = connect()
    client.fetch(replace(QUERY, text="SELECT id\n  FROM customer"))
    client.get(Resource("/there", "application/json", table="a document"))
    logged = [r for r in caplog.records if r.name.startswith("tap_netsuite_tba")]
    assert [r.getMessage() for r in logged] == [
        "Request 1 (customer): SELECT id   FROM customer",
        "Request 2 (a document): /there",
    ]
    assert {r.levelno for r in logged} == {logging.DEBUG}


def test_secrets_are_in_no_log_error_or_repr(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script([GATEWAY_PAGE, TOO_MANY, page().cut(0), page()], then=LOGIN_REFUSED)
    client = connect()
    client.fetch(QUERY)
    with pytest.raises(LoginRefused) as refused:
        client.fetch(QUERY)
    told = "".join(traceback.format_exception(refused.value)) + repr(vars(client)) + caplog.text
    assert "NetSuite failed" in told
    oauth = [value for asked in server.asked for value in asked.oauth.values() if len(value) > 15]
    secrets = {*astuple(CREDENTIALS), *oauth, "oauth_"} - {"HMAC-SHA256"}
    assert not [secret for secret in secrets if secret in told]

"""What is meant for NetSuite goes to nobody else, and nothing else goes with it."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.errors import RetriesExhausted
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.netsuite.transport import Auth, Reply, Transport
from tests.netsuite.conftest import Connect
from tests.netsuite.sending import Signed, post, sending
from tests.netsuite.server import Answer, Server, serve

METHODS: dict[str, Callable[[Transport], Reply]] = {
    "POST": post,
    "GET": lambda transport: transport.get("/path", headers={}),
    "HEAD": lambda transport: transport.head("/path"),
}


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """Another host, as far as a client can tell."""
    with serve() as server:
        yield server


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("auth", [Signed(), Auth()], ids=["signed", "unsigned"])
def test_no_redirect_is_followed(
    server: Server, elsewhere: Server, method: str, auth: Auth
) -> None:
    """Neither to another host nor on the same one, in whatever way it is said."""
    addresses = (
        f"{elsewhere.url}/path",
        elsewhere.url.removeprefix("http:"),
        f"{server.url}/elsewhere",
        "/elsewhere",
    )
    redirects = list(product((301, 302, 303, 307, 308), addresses))
    server.script(Answer(status, headers={"Location": where}) for status, where in redirects)
    with sending(Account.parse("1234567", server.url), auth) as transport:
        statuses = [METHODS[method](transport).status for _ in redirects]
    assert statuses == [status for status, _ in redirects]
    assert {urlsplit(asked.target).path for asked in server.asked} == {"/path"}
    assert elsewhere.asked == []


def test_a_refresh_and_a_link_are_not_followed_either(server: Server, elsewhere: Server) -> None:
    ways = {"Refresh": f"0; url={elsewhere.url}", "Content-Location": elsewhere.url}
    server.script([Answer(200, b"{}", ways | {"Alt-Svc": f'h2="{elsewhere.url}"'})])
    with sending(Account.parse("1234567", server.url)) as transport:
        post(transport)
        post(transport)
    assert len(server.asked) == 2
    assert elsewhere.asked == []


def test_a_redirect_is_told_as_what_it_is(
    server: Server, elsewhere: Server, connect: Connect
) -> None:
    server.script([], then=Answer(302, headers={"Location": elsewhere.url}))
    with pytest.raises(RetriesExhausted, match="a redirect, which is not followed"):
        connect(retry_timeout=1).fetch(Query("SELECT t.id FROM customer t"))
    assert elsewhere.asked == []


@pytest.mark.parametrize("method", METHODS)
def test_no_cookie_is_sent_back(server: Server, method: str) -> None:
    cookies = ("session=1", "session=1; Path=/", "session=1; Domain=127.0.0.1; Path=/; HttpOnly")
    server.script(Answer(200, headers={"Set-Cookie": cookie}) for cookie in cookies)
    with sending(Account.parse("1234567", server.url)) as transport:
        for _ in (*cookies, "and once more"):
            METHODS[method](transport)
    assert len(server.asked) == len(cookies) + 1
    assert not any("Cookie" in asked.headers for asked in server.asked)


@pytest.fixture
def proxy(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    """All that is not loopback is asked through it, and ~/.netrc has a password for all."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password fake-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for variable in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, server.url)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    return server


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("auth", "sent"), [(Signed(), "Signed fake-signature"), (Auth(), None)])
def test_a_password_in_netrc_is_never_sent(
    proxy: Server, method: str, auth: Auth, sent: str | None
) -> None:
    # `Account.parse` would not allow plain http, which lets the proxy see the headers.
    with sending(Account("1234567", "http://netsuite.test"), auth) as transport:
        METHODS[method](transport)
    [asked] = proxy.asked
    assert asked.target.startswith("http://netsuite.test/path")
    assert asked.headers.get("Authorization") == sent

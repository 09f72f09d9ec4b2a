import http.client
import json
import socket
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.suiteql import engine
from tests.simulator.client import PATH, ask, rows, signer
from tests.simulator.conftest import TABLES
from tests.simulator.waiting import wait_until


def port_of(account: Simulator) -> int:
    return int(account.base_url.rsplit(":", 1)[1])


QUERY = "SELECT id FROM transaction WHERE id <= 3 ORDER BY id ASC"


def test_the_headers_of_an_answer(shared: Simulator) -> None:
    headers = ask(shared, QUERY).headers
    assert headers["Content-Type"] == (
        "application/vnd.oracle.resource+json; type=collection; charset=UTF-8"
    )
    assert headers["preference-applied"] == "transient"
    assert str(uuid.UUID(headers["x-n-operationid"])) == headers["x-n-operationid"]
    assert str(uuid.UUID(headers["x-netsuite-jobid"])) == headers["x-netsuite-jobid"]
    assert parsedate_to_datetime(headers["Date"]).tzinfo is not None


def test_an_error_has_its_own_type(shared: Simulator) -> None:
    assert "type=error" in ask(shared, "SELECT nothing").headers["Content-Type"]


def test_bodies_are_compressed_when_the_client_takes_it(shared: Simulator) -> None:
    plain = ask(shared, QUERY, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    zipped = ask(shared, QUERY, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.json() == plain.json()


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, GZip;q=0.5", "gzip"),
        ("gzip; q=1", "gzip"),
        ("gzip;q=0", None),
        ("identity, gzip; Q=0.000", None),
        ("notgzip", None),
        ("", None),
    ],
)
def test_a_client_says_how_its_bodies_come(
    shared: Simulator, accepted: str, encoding: str | None
) -> None:
    headers = ask(shared, QUERY, headers={"Accept-Encoding": accepted}).headers
    assert headers.get("Content-Encoding") == encoding


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", PATH, 405, "INVALID_METHOD"),
        ("GET", "/services/rest/async/v1/job/1", 501, "NOT_IMPLEMENTED"),
        ("POST", "/", 404, "NONEXISTENT_ID"),
    ],
)
def test_other_addresses_are_refused(
    shared: Simulator, method: str, path: str, status: int, code: str
) -> None:
    response = requests.request(
        method,
        shared.base_url + path,
        auth=signer(shared),
        headers={"Connection": "close"},
        timeout=30,
    )
    assert response.status_code == status
    assert response.json()["o:errorDetails"][0]["o:errorCode"] == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"q":1}',
        b'{"q":" "}',
        b'{"q":"x","params":1}',
        b'{"q":"x","params":{}}',
        b'{"q":"x","params":""}',
        b'{"q":"x","params":null}',
    ],
)
def test_a_body_without_a_query_is_refused(shared: Simulator, body: bytes) -> None:
    response = requests.post(
        shared.base_url + PATH,
        data=body,
        auth=signer(shared),
        headers={
            "Prefer": "transient",
            "Connection": "close",
            "Content-Type": "application/json",
        },
        timeout=30,
    )
    assert response.status_code == 400
    assert response.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_CONTENT"


def test_only_loopback_is_served(shared: Simulator) -> None:
    assert shared.base_url.startswith("http://127.0.0.1:")


def test_leaving_ends_idle_connections_and_threads() -> None:
    before = set(threading.enumerate())
    with Simulator(company=False) as account:
        port = port_of(account)
        idle = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        idle.request("GET", PATH)
        assert idle.getresponse().read()
        assert idle.sock is not None
    assert idle.sock.recv(1) == b""
    idle.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


ENDLESS = """
    SELECT COUNT(*) AS n
    FROM transactionline a
    INNER JOIN transactionline b ON 1 = 1
    INNER JOIN transactionline c ON 1 = 1
    WHERE a.quantity + b.quantity + c.quantity > 3
"""


def test_leaving_ends_a_query_that_runs(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_WORK", 3600.0)  # or that would end it
    with ThreadPoolExecutor(1) as pool:
        with Simulator(company=False) as account:
            account.sql(TABLES)
            running = pool.submit(ask, account, ENDLESS, timeout=600)
            wait_until(lambda: account.counters.in_flight == 1)
            account.others = 4
            assert {ask(account, QUERY).status_code for _ in range(20)} == {429}
        assert isinstance(running.exception(), requests.ConnectionError)
    assert account.counters.crashes == 0
    assert not caplog.records


def test_leaving_ends_what_goes_on_before_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    with ThreadPoolExecutor(1) as pool:
        with Simulator(company=False) as account:
            account.sql(TABLES)
            account._account.before_each = lambda: account.sql(ENDLESS).clear()  # noqa: SLF001  # as a company's life does
            running = pool.submit(ask, account, QUERY, timeout=600)
            wait_until(lambda: account.counters.in_flight == 1)
        assert isinstance(running.exception(), requests.ConnectionError)
    assert account.counters.crashes == 0
    assert not caplog.records


def test_a_taken_port_is_an_error() -> None:
    with Simulator(company=False) as account:
        port = port_of(account)
        with pytest.raises(OSError, match="in use"), Simulator(company=False, port=port):
            pass


def test_rows_can_be_edited_while_it_serves(account: Simulator) -> None:
    done = threading.Event()

    def edit() -> None:
        while not done.is_set():
            account.sql("UPDATE transaction SET memo = ? WHERE id = ?", ["edited", 2])
            account.sql(
                "INSERT INTO subsidiary VALUES (9, 'New'); DELETE FROM subsidiary WHERE id = 9"
            )

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        for _ in range(20):
            assert len(rows(account, "SELECT * FROM transaction ORDER BY id ASC")) == 1000
    finally:
        done.set()
        editor.join()
    [found] = rows(account, "SELECT memo FROM transaction WHERE id = 2")
    assert found == {"memo": "edited"}


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "SELECT",
                "FROM",
                "WHERE",
                "transaction",
                "t",
                "id",
                "(",
                ")",
                ",",
                "=",
                "1",
                "'x'",
                "*",
                "ORDER",
                "BY",
                "GROUP",
                "COUNT",
                "TO_DATE",
                "ASC",
                "AND",
                "OR",
                "NOT",
                "IN",
                "NULL",
                "CASE",
                "END",
                "UNION",
                "?",
                ":",
                ".",
                "[",
                "]",
                '"',
                "--",
                "/*",
                ";",
                "DUAL",
                "ROWNUM",
            ]
        ),
        max_size=25,
    ).map(" ".join)
)
def test_no_query_upsets_it(shared: Simulator, query: str) -> None:
    response = ask(shared, query, "1")
    assert response.status_code in {200, 400}
    assert "Traceback" not in response.text
    assert json.loads(response.text)


@pytest.mark.parametrize("text", ["\ud800", "\0", "'\ud800'"])
def test_what_is_no_text_is_refused(shared: Simulator, text: str) -> None:
    assert ask(shared, f"SELECT {text} FROM dual").status_code == 400  # noqa: S608  # a test's own
    assert ask(shared, "SELECT ? AS v FROM dual", text).status_code == 400


def test_a_deeply_nested_query_is_refused(shared: Simulator) -> None:
    deep = "(" * 3000 + "1" + ")" * 3000
    assert ask(shared, f"SELECT {deep} FROM dual").status_code == 400  # noqa: S608

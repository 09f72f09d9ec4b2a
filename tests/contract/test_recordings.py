"""The simulator answers as NetSuite did where its answers were recorded.

The cases are the rows of ``recordings/``; another recording is one more row:

- ``recording``, ``says``: which one, and what it shows. ``each``: what stands for EACH in the row.
- ``account``: what is special about the account, see ``account_of``; ``others``, ``fault``: about
  the moment; ``login``: about the login.
- ``query``, or ``target`` and ``sends``: the request.
- ``status``, ``headers``, ``absent`` (headers) and ``body``: the answer, in shapes. In their place
  ``items``, the rows of a page, or ``refused``, why a query is refused; with both, either will do.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tap_netsuite_tba.simulator import Credentials, Fault, FaultKind, Simulator, Switches
from tests.certificates import Certificate
from tests.contract.shapes import differences, matches, parsed
from tests.simulator.client import PATH, signer

Case = Mapping[str, Any]

BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
TYPE = r"application/vnd\.oracle\.resource\+json; type={}; charset=UTF-8"
OF_EVERY_ANSWER = {
    "Cache-Control": "No-Cache",
    "Vary": "User-Agent, Accept-Encoding",
    "X-N-OperationId": "<uuid>",
    "X-NetSuite-JobId": "<uuid>",
}
OF_A_PAGE = {"Content-Type": TYPE.format("collection"), "Preference-Applied": "transient"}
OF_AN_ERROR = {"Content-Type": TYPE.format("error")}
WORDS = {
    *("recording", "says", "each", "account", "others", "fault", "login"),
    *("query", "target", "sends", "status", "headers", "absent", "body", "items", "refused"),
}


def cases() -> list[Case]:
    """The rows of every table, one for each of what they are about."""
    rows = [
        row
        for table in sorted((Path(__file__).parent / "recordings").glob("*.json"))
        for row in json.loads(table.read_text(encoding="utf-8"))
    ]
    return [
        json.loads(json.dumps(row).replace("EACH", name))
        for row in rows
        for name in row.get("each", [""])
    ]


def name_of(case: Case) -> str:
    return f"{case['recording']}: {case['says']}"


class Accounts:
    """An account for each way in which rows want theirs; rows that want the same share it."""

    def __init__(self, open_accounts: ExitStack, certificate: Certificate) -> None:
        self.certificate = certificate
        self._open = open_accounts
        self._accounts: dict[str, Simulator] = {}

    def account_of(self, case: Case) -> Simulator:
        wanted = case.get("account", {})
        key = json.dumps(wanted)
        if key not in self._accounts:
            account = Simulator(
                1_000,
                3,
                BORN,
                company=wanted.get("company", True),
                switches=Switches(**wanted.get("switches", {})),
                credentials=Credentials(**wanted.get("credentials", {})),
                certfile=self.certificate.certfile,
                keyfile=self.certificate.keyfile,
            )
            self._accounts[key] = self._open.enter_context(account)
            if "features_off" in wanted:
                off = frozenset(wanted["features_off"])
                account.role = replace(account.role, features_off=off)
            if "now" in wanted:
                account.clock.set(datetime.fromisoformat(wanted["now"]))
        return self._accounts[key]

    def ask(self, case: Case) -> requests.Response:
        """Send the request of a row, to NetSuite's own address."""
        account = self.account_of(case)
        account.others = case.get("others", 0)
        if "fault" in case:
            account.faults.add(Fault(FaultKind(case["fault"])))
        method, body = ("POST", {"q": case["query"]}) if "query" in case else ("GET", None)
        sent = {"Prefer": "transient"} if "query" in case else {}
        sent |= case.get("sends", {})
        label = account.credentials.account_id.lower().replace("_", "-")
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"https": account.base_url.replace("https:", "http:")}
            session.verify = str(self.certificate.authority)
            return session.request(
                method,
                f"https://{label}.suitetalk.api.netsuite.com{case.get('target', PATH)}",
                json=body,
                headers=sent,
                auth=None if "Authorization" in sent else signer(account, **case.get("login", {})),
                timeout=30,
            )


@pytest.fixture(scope="module")
def accounts(certificate: Certificate) -> Iterator[Accounts]:
    with ExitStack() as open_accounts:
        yield Accounts(open_accounts, certificate)


def expected(case: Case, status: int) -> Case:
    """Return what a row says of an answer with this status."""
    if "status" in case:
        return case
    if "items" in case and (status < 400 or "refused" not in case):
        return {"status": 200, "headers": OF_A_PAGE, "body": page(case["items"])}
    return {"status": 400, "headers": OF_AN_ERROR, "body": refusal(case["refused"])}


def page(items: object) -> dict[str, object]:
    return {
        "links": "<any>",
        "count": "<integer>",
        "hasMore": "<boolean>",
        "items": items,
        "offset": 0,
        "totalResults": "<integer>",
    }


def refusal(detail: str) -> dict[str, object]:
    prefix = r"Invalid search query\. Detailed unprocessed description follows\. "
    return {
        "type": "https://.+",
        "title": "Bad Request",
        "status": 400,
        "o:errorDetails": [
            {
                "detail": prefix + detail,
                "o:errorQueryParam": "q",
                "o:errorCode": "INVALID_PARAMETER",
            }
        ],
    }


def test_a_row_says_nothing_that_is_not_read() -> None:
    assert [
        (name_of(case), *(case.keys() - WORDS)) for case in cases() if case.keys() - WORDS
    ] == []


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_the_simulator_answers_as_recorded(accounts: Accounts, case: Case) -> None:
    response = accounts.ask(case)
    wanted = expected(case, response.status_code)
    assert response.status_code == wanted["status"], response.text
    of_errors = OF_AN_ERROR if response.status_code >= 400 else {}
    headers = OF_EVERY_ANSWER | of_errors | wanted.get("headers", {})
    assert [
        f"{name}: {response.headers.get(name)}"
        for name, pattern in headers.items()
        if not matches(response.headers.get(name, ""), pattern)
    ] == []
    assert [name for name in wanted.get("absent", []) if name in response.headers] == []
    assert list(differences(parsed(response.text), wanted.get("body", "<any>"))) == []

"""A client that nobody here wrote works on the simulator: the public package ``netsuite``.

It knows no addresses but NetSuite's own, and speaks nothing but TLS. Two settings of its
environment, which its HTTP library reads, bring it here: a proxy and an authority to trust.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import AuditReason, Fault, FaultKind, Simulator
from tests.certificates import Certificate

ROOT = Path(__file__).parents[2]
BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
ADDRESS = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest"


@dataclass(frozen=True)
class Package:
    """The package, at home in a process of its own."""

    process: subprocess.Popen[str]

    def call(self, name: str, **arguments: object) -> Any:  # noqa: ANN401  # JSON
        """Make a call that succeeds, and return what it returned."""
        answer = self._answer(name, arguments)
        assert "returned" in answer, answer
        return answer["returned"]

    def raised(self, name: str, **arguments: object) -> tuple[str, int, str]:
        """Make a call that fails, and return the name, status and text of what it raised."""
        answer = self._answer(name, arguments)
        return answer["raised"], answer["status"], answer["text"]

    def _answer(self, name: str, arguments: Mapping[str, object]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([name, arguments]), file=self.process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def package_at(account: Simulator, certificate: Certificate, **changes: str) -> Iterator[Package]:
    """Start the package with the settings that lead it to ``account``."""
    credentials = account.credentials
    inherited = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    settings = {
        "HTTPS_PROXY": account.base_url.replace("https:", "http:"),
        "SSL_CERT_FILE": str(certificate.authority),
        "NETSUITE_ACCOUNT": credentials.account_id,
        "NETSUITE_CONSUMER_KEY": credentials.consumer_key,
        "NETSUITE_CONSUMER_SECRET": credentials.consumer_secret,
        "NETSUITE_TOKEN_ID": credentials.token_id,
        "NETSUITE_TOKEN_SECRET": credentials.token_secret,
        **changes,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.netsuite_client"],
        cwd=ROOT,
        env=inherited | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Package(process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def account(certificate: Certificate) -> Iterator[Simulator]:
    certfile, keyfile = certificate.certfile, certificate.keyfile
    with Simulator(1_000, 3, BORN, certfile=certfile, keyfile=keyfile) as account:
        yield account


@pytest.fixture(scope="module")
def package(account: Simulator, certificate: Certificate) -> Iterator[Package]:
    with package_at(account, certificate) as package:
        yield package


def test_its_suiteql_returns_a_page(account: Simulator, package: Package) -> None:
    page = package.call("suiteql", q="SELECT id, companyName FROM vendor ORDER BY id ASC", limit=5)
    truth = account.sql("SELECT id, companyname FROM vendor ORDER BY id LIMIT 5")
    assert [(int(row["id"]), row.get("companyname")) for row in page["items"]] == truth
    assert page["hasMore"] is True
    [following] = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert following == f"{ADDRESS}/query/v1/suiteql?limit=5&offset=5"


def test_its_suiteql_pages_through_a_result(account: Simulator, package: Package) -> None:
    rows = package.call(
        "every_row", query="SELECT uniquekey FROM transactionline ORDER BY uniquekey ASC"
    )
    truth = account.sql("SELECT uniquekey FROM transactionline ORDER BY uniquekey")
    assert len(rows) > 3_000
    assert [(int(row["uniquekey"]),) for row in rows] == truth


def test_its_get_lists_the_record_types(package: Package) -> None:
    catalog = package.call("get", subpath="/record/v1/metadata-catalog")
    assert {"customer", "vendor"} <= {entry["name"] for entry in catalog["items"]}


def test_its_get_lists_records_and_reads_them(account: Simulator, package: Package) -> None:
    q = 'companyName CONTAIN "Şahin " AND id GREATER 0'
    page = package.call("get", subpath="/record/v1/vendor", params={"q": q, "limit": 1000})
    names = dict(
        account.sql("SELECT id, companyname FROM vendor WHERE companyname LIKE '%Şahin %'")
    )
    assert {int(item["id"]) for item in page["items"]} == names.keys() != set()
    [link] = page["items"][0]["links"]
    subpath = link["href"].removeprefix(ADDRESS)
    vendor = package.call("get", subpath=subpath, params={"expandSubResources": "true"})
    assert vendor["companyName"] == names[int(vendor["id"])]
    assert vendor["addressBook"]["totalResults"] == len(vendor["addressBook"]["items"])


def test_its_jsonschema_describes_a_record_type(package: Package) -> None:
    schema = package.call("jsonschema", record_type="customer")
    assert schema["properties"]["companyName"]["type"] == "string"


def test_its_openapi_describes_the_record_types_it_names(package: Package) -> None:
    document = package.call("openapi", record_types=["customer", "vendor"])
    assert {"customer", "vendor"} <= document["components"]["schemas"].keys()
    assert document["servers"] == [{"url": f"{ADDRESS}/record/v1"}]


def test_its_token_info_comes_from_the_host_of_restlets(
    account: Simulator, package: Package
) -> None:
    assert package.call("token_info")["companyId"] == account.credentials.account_id


@pytest.mark.parametrize(
    ("name", "arguments", "status", "code"),
    [
        ("get", {"subpath": "/record/v1/file"}, 404, "NONEXISTENT_ID"),
        ("get", {"subpath": "/record/v1/vendor/999999"}, 404, "NONEXISTENT_ID"),
        ("get", {"subpath": "/record/v1/vendor?q=nosuch EMPTY"}, 400, "NONEXISTENT_FIELD"),
        ("jsonschema", {"record_type": "file"}, 404, "NONEXISTENT_ID"),
        ("suiteql", {"q": "SELECT id FROM nothing"}, 400, "INVALID_PARAMETER"),
    ],
)
def test_what_does_not_exist_raises_its_own_error(
    package: Package, name: str, arguments: dict[str, str], status: int, code: str
) -> None:
    error, found, text = package.raised(name, **arguments)
    assert (error, found) == ("NetsuiteAPIRequestError", status)
    [detail] = json.loads(text)["o:errorDetails"]
    assert detail["o:errorCode"] == code


def test_the_concurrency_limit_raises_its_own_error(account: Simulator, package: Package) -> None:
    account.others = 5
    try:
        error, status, text = package.raised("suiteql", q="SELECT id FROM vendor")
    finally:
        account.others = 0
    assert (error, status) == ("NetsuiteAPIRequestError", 429)
    assert "CONCURRENCY_LIMIT_EXCEEDED" in text


def test_a_maintenance_page_raises_its_own_error(account: Simulator, package: Package) -> None:
    account.faults.add(Fault(FaultKind.MAINTENANCE))
    error, status, _ = package.raised("suiteql", q="SELECT id FROM vendor")
    assert (error, status) == ("NetsuiteAPIResponseParsingError", 200)


def test_a_wrong_secret_raises_its_own_error(account: Simulator, certificate: Certificate) -> None:
    changes = {"NETSUITE_TOKEN_SECRET": "of-someone-else"}
    with package_at(account, certificate, **changes) as package:
        error, status, text = package.raised("suiteql", q="SELECT id FROM vendor")
    assert (error, status) == ("NetsuiteAPIRequestError", 401)
    assert "INVALID_LOGIN" in text
    assert account.counters.refused_logins == {AuditReason.INVALID_SIGNATURE: 1}

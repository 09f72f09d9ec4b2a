"""Documents as other versions of NetSuite give them, or others understand the facts: all are read.

A gateway changes what the account answers; what comes out of the tap is still what is in it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.contract.gateway import Answer, Gateway
from tests.integration.documents import differences
from tests.integration.streams import Row, run

TYPES = ("customer", "journalentry", "salesorder")
CATALOG = "/services/rest/record/v1/metadata-catalog"
RECORDS = "/services/rest/record/v1/"

Change = Callable[[Row], Row]


class Elsewhere(Gateway):
    """An account whose record service answers otherwise.

    Attributes:
        change: What becomes of a record, or of a part of one.
        catalog: The status of whatever is asked of the metadata catalog, if it is not as it is.
    """

    def __init__(self, account: Simulator) -> None:
        super().__init__(account)
        self.change: Change | None = None
        self.catalog: int | None = None

    def carry(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        answer = super().carry(method, target, headers, body)
        path = urlsplit(target).path
        if path.startswith(CATALOG):
            return answer if self.catalog is None else refusal(self.catalog)
        if self.change is None or not path.startswith(RECORDS) or answer.status != 200:
            return answer
        changed = self.change(json.loads(answer.body))
        kept = [(name, value) for name, value in answer.headers if name.lower() != "content-type"]
        return Answer(
            200, [*kept, ("Content-Type", "application/json")], json.dumps(changed).encode()
        )


def refusal(status: int) -> Answer:
    detail = {"detail": "Record type is not accessible.", "o:errorCode": "NONEXISTENT_ID"}
    body = {"type": "", "title": "", "status": status, "o:errorDetails": [detail]}
    return Answer(status, [("Content-Type", "application/json")], json.dumps(body).encode())


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        account.sql("DELETE FROM customer WHERE id > 345; DELETE FROM item WHERE id > 8")
        yield account


@pytest.fixture(scope="module")
def elsewhere(account: Simulator) -> Iterator[Elsewhere]:
    with Elsewhere(account) as gateway:
        yield gateway


def everywhere(part: Any, change: Change) -> Any:  # noqa: ANN401 - any part of a document
    """A document in which each object is changed, the inner ones first."""
    if isinstance(part, dict):
        return change({name: everywhere(value, change) for name, value in part.items()})
    if isinstance(part, list):
        return [everywhere(each, change) for each in part]
    return part


def without_links(part: Row) -> Row:
    return {name: value for name, value in part.items() if name != "links"}


def numbers_for_ids(part: Row) -> Row:
    text = part.get("id")
    is_number = isinstance(text, str) and text.lstrip("-").isdigit()
    return part | {"id": int(str(text))} if is_number else part


def in_lower_case(part: Row) -> Row:
    return {name if name in ENVELOPE else name.lower(): value for name, value in part.items()}


def with_nulls(part: Row) -> Row:
    return {"memo": None, "parent": None} | part if "id" in part and "items" not in part else part


def with_all_of_a_collection(part: Row) -> Row:
    if "items" not in part:
        return part
    return {"count": len(part["items"]), "hasMore": False, "offset": 0} | part


def without_numbers_of_a_collection(part: Row) -> Row:
    return {name: value for name, value in part.items() if name not in NUMBERS}


def bare_parts(document: Row) -> Row:
    """Nothing is expanded; lines that are asked for come as links too."""
    return {name: bare(value) for name, value in document.items()}


def bare(part: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(part, list):
        return [{"links": each["links"]} if is_line(each) else each for each in part]
    is_own = isinstance(part, dict) and "id" not in part and part.get("links")
    return {"links": part["links"]} if is_own else part


def is_line(part: Any) -> bool:  # noqa: ANN401 - any part of a document
    return isinstance(part, dict) and bool(part.get("links")) and "refName" not in part


ENVELOPE = ("links", "items", "totalResults", "hasMore", "count", "offset", "refName", "externalId")
NUMBERS = ("totalResults", "hasMore", "count", "offset")
FORMS = (
    (
        numbers_for_ids,
        in_lower_case,
        with_nulls,
        without_numbers_of_a_collection,
        without_links,
    ),
    pytest.param((with_all_of_a_collection,), marks=pytest.mark.long),
)


@pytest.mark.parametrize("form", FORMS)
def test_documents_in_another_form(
    account: Simulator, elsewhere: Elsewhere, form: tuple[Change, ...]
) -> None:
    def change(document: Row) -> Row:
        for each in form:
            document = everywhere(document, each)
        return document

    elsewhere.change, elsewhere.catalog = change, None
    check(account, elsewhere, TYPES)


def test_documents_of_which_nothing_is_expanded(account: Simulator, elsewhere: Elsewhere) -> None:
    elsewhere.change, elsewhere.catalog = bare_parts, None
    check(account, elsewhere, ("journalentry",))


@pytest.mark.parametrize("status", [403, pytest.param(404, marks=pytest.mark.long)])
def test_types_that_the_catalog_does_not_tell(
    account: Simulator, elsewhere: Elsewhere, status: int
) -> None:
    elsewhere.change, elsewhere.catalog = None, status
    check(account, elsewhere, TYPES)


def check(account: Simulator, elsewhere: Elsewhere, types: tuple[str, ...]) -> None:
    """What comes is the account's, whatever form it came in."""
    found = run(
        account,
        records=list(types),
        base_url=elsewhere.base_url,
        retry_timeout_seconds=5,
        discovery_cache_seconds=0,
    )
    assert found.code == 0, found.log
    assert found.rows["unreadable_record"] == []
    for record_type in types:
        rows = found.rows[f"record_{record_type}"]
        assert rows
        for row in rows:
            truth = account.records.document(record_type, row["id"])
            # What neither catalog nor samples tell of is kept as it is.
            extra = row.pop("_sdc_extra") or {}
            assert extra == {name: everywhere(truth.pop(name), without_links) for name in extra}
            # Nor is it told that an id in it is a number.
            shown = everywhere(row, numbers_for_ids) if elsewhere.catalog else row
            assert list(differences(shown, truth, f"{record_type} {row['id']}")) == []

"""What of an exchange with an account may be kept: nothing that tells whose it was.

Of headers and envelopes only what is listed here stays, so that what NetSuite adds tomorrow stays
out. vcrpy scrubs on loading too: what has been scrubbed must come out as it went in.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from vcr.request import Request

ACCOUNT_ID = "1234567_SB1"
BASE_URL = "https://1234567-sb1.suitetalk.api.netsuite.com"
AUTHORIZATION = "OAuth SCRUBBED"
OPERATION_ID = "00000000-0000-0000-0000-000000000000"

_SERVICES = "/services/"
_REQUEST_HEADERS = ("accept", "content-type", "prefer")
_RESPONSE_HEADERS = (
    "content-type",
    "date",
    "preference-applied",
    "retry-after",
    "www-authenticate",
    "x-n-operationid",
)
_ENVELOPE = ("links", "count", "hasMore", "items", "offset", "totalResults")

_NUMBERS = ("id", "internalid", "k", "n", "highest")
"""Columns whose whole numbers stay: keys, by which the next query asks, and counts."""

_VOCABULARY = ("fieldvaluetype",)
"""Columns whose words are NetSuite's own."""

_SCRIPT_ID = re.compile(r"(?:cust(?:body|col|entity|item))?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<time>T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")


@dataclass(frozen=True)
class Scrubber:
    """Takes an account out of its exchanges.

    Attributes:
        realm: The account id, as signatures carry it.
    """

    realm: str

    def request(self, request: Request) -> Request:
        """The request as it may be kept: a filter for vcrpy, which leaves the one sent alone."""
        sent = {name.lower(): _text(value) for name, value in request.headers.items()}
        headers = {name: sent[name] for name in _REQUEST_HEADERS if name in sent}
        if "authorization" in sent:
            headers["authorization"] = AUTHORIZATION
        return Request(request.method, _elsewhere(request.uri), request.body, headers)

    def response(self, response: Mapping[str, Any]) -> dict[str, Any]:
        """The response as it may be kept.

        Raises:
            ValueError: Its body is not JSON, so nobody can tell what is in it.
        """
        received = {name.lower(): values for name, values in response["headers"].items()}
        headers = {
            name: [self.anonymous(value) for value in received[name]]
            for name in _RESPONSE_HEADERS
            if name in received
        }
        if "x-n-operationid" in headers:
            headers["x-n-operationid"] = [OPERATION_ID]
        body = json.loads(response["body"]["string"])
        kept = _page(body) if "items" in body else json.loads(self.anonymous(json.dumps(body)))
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        return {
            "status": response["status"],
            "headers": headers,
            "body": {"string": text.encode()},
        }

    def anonymous(self, text: str) -> str:
        """The text with another account id, however the own one is written."""
        for separator in "_-":
            own = self.realm.replace("_", separator)
            other = ACCOUNT_ID.replace("_", separator)
            alone = rf"(?<![A-Za-z0-9]){own}(?![A-Za-z0-9])"
            text = re.sub(alone, other, text, flags=re.IGNORECASE)
        return text

    def names_the_account(self, text: str) -> bool:
        """Whether the own account id stands in the text, in any form."""
        return self.anonymous(text) != text


def masked(column: str, value: str) -> str:
    """The shape of a row's value: letters become x, digits 9, and dates all the same day."""
    if column in _VOCABULARY or (column in _NUMBERS and re.fullmatch("-?[0-9]+", value)):
        return value
    if value in ("T", "F"):
        return "F"
    if date := _DATE.fullmatch(value):
        return "2000-01-01T00:00:00Z" if date["time"] else "2000-01-01"
    prefix = _SCRIPT_ID.match(value) if column == "scriptid" else None
    kept = prefix[0] if prefix else ""
    return kept + "".join(map(_shape, value[len(kept) :]))


def _shape(character: str) -> str:
    if character.isdigit():
        return "9"
    # Where there are no Latin letters, accents and signs can tell as much as letters.
    return "x" if character.isalpha() or not character.isascii() else character


def _page(body: Mapping[str, Any]) -> dict[str, Any]:
    page = {name: body[name] for name in _ENVELOPE if name in body}
    page["links"] = [
        {name: _elsewhere(text) if name == "href" else text for name, text in link.items()}
        for link in body["links"]
    ]
    page["items"] = [
        {
            column: [] if column == "links" else masked(column, str(value))
            for column, value in row.items()
        }
        for row in body["items"]
    ]
    return page


def _elsewhere(url: str) -> str:
    """The same path and query on the host of another account, also where a proxy adds a path."""
    address = urlsplit(url)
    path = address.path[address.path.index(_SERVICES) :]
    return f"{BASE_URL}{path}?{address.query}" if address.query else BASE_URL + path


def _text(header: str | bytes) -> str:
    return header.decode() if isinstance(header, bytes) else header

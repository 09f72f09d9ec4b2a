"""One HTTP request and its answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
# Texts and comments; a quoted name is matched too, for an apostrophe in it begins no text.
_NO_WORDS = re.compile(r"""'[^']*'|--[^\n]*|/\*.*?\*/|("[^"]*")""", re.DOTALL)


@dataclass(frozen=True)
class Request:
    """A request as it arrived.

    Attributes:
        method: the HTTP method.
        target: path and query as they were sent.
        headers: by lower-case name.
        body: the bytes of the body.
        host: of the Host header.
        scheme: ``http``, or ``https`` under TLS.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    host: str
    scheme: str = "http"

    @property
    def root(self) -> str:
        """Scheme and host, as the client sees them."""
        return f"{self.scheme}://{self.host}"

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query parameters; of one sent twice the last."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @cached_property
    def json(self) -> Any:  # noqa: ANN401  # whatever the client sent
        """The body as JSON.

        Raises:
            ValueError: it is no JSON.
        """
        return json.loads(self.body)

    @cached_property
    def query(self) -> str:
        """The query in the body; empty if there is none."""
        try:
            query = self.json["q"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return ""
        return query if isinstance(query, str) else ""

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the query in the body, lower case.

        Keywords and names count, of tables, columns and aliases alike; what stands in texts and
        comments does not.
        """
        return frozenset(_WORD.findall(_NO_WORDS.sub(r" \1 ", self.query.lower())))


@dataclass(frozen=True)
class Served:
    """A request that the account worked on, and when.

    Attributes:
        request: what was asked.
        began: when it took its place, in seconds of ``time.monotonic``.
        ended: when it gave it back, right before its last byte.
    """

    request: Request
    began: float
    ended: float


@dataclass(frozen=True)
class Work:
    """The rows behind an answer, for which an account needs time.

    Attributes:
        returned: in the answer.
        matched: in the whole result.
        offset: before the answer's first one.
    """

    returned: int = 0
    matched: int = 0
    offset: int = 0


@dataclass(frozen=True)
class Answer:
    """What goes back.

    Attributes:
        status: the HTTP status.
        content_type: of the body.
        body: uncompressed.
        headers: more of them.
        work: what it took.
    """

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    work: Work = field(default=Work())


def resource_type(kind: str) -> str:
    """Return NetSuite's content type of a ``collection`` or an ``error``."""
    return f"application/vnd.oracle.resource+json; type={kind}; charset=UTF-8"

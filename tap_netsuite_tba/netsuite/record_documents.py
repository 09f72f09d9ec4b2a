"""The document of a record as it comes: whether it is the record, and when it was so."""

import re

from tap_netsuite_tba.netsuite.errors import MalformedResponse
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.record_pages import LINKS
from tap_netsuite_tba.netsuite.record_parts import Ask

_OK = 200
_NUMBER = re.compile(r"-?[0-9]+")
_MODIFIED = {"lastmodifieddate", "lastmodified"}
"""The fields that tell when a record was changed; custom records have the second."""


def record_at(ask: Ask, address: str, key: int) -> Document:
    """A record as it comes first.

    Args:
        ask: Gets the document at an address.
        address: That of the record.
        key: Its internal id.

    Raises:
        MalformedResponse: What comes is not this record.
    """
    document = ask(f"{address}?expandSubResources=true")
    if other := _mistaken(document, key):
        raise MalformedResponse(other, status=_OK)
    return document


def _mistaken(document: Document, key: int) -> str | None:
    """Why a document is not the record of a key; None if it may be."""
    if not document.keys() - {LINKS}:
        return "a document without a field of the record came"
    told = str(document.get("id"))
    is_other = _NUMBER.fullmatch(told) and int(told) != key
    return f"the record {told} came in place of {key}" if is_other else None


def moment(document: Document) -> object:
    """What is the same in two documents of one record if it was not changed between them.

    Other fields may be computed anew whenever they are asked for.
    """
    modified = {name: each for name, each in document.items() if name.lower() in _MODIFIED}
    parts = {name: each for name, each in document.items() if isinstance(each, (dict, list))}
    return modified or parts

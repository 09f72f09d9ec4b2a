"""Documents as the tap emits them, compared with those that the account has."""

from collections.abc import Iterator
from typing import Any

from tests.integration.streams import Row


def differences(came: Any, truth: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - any part
    """Where a part of a document is not as the truth has it, in words.

    What is absent there may be null here.
    """
    if isinstance(truth, dict) and isinstance(came, dict):
        parts = {name.lower(): value for name, value in came.items() if value is not None}
        wanted = {name.lower(): part for name, part in truth.items() if name != "links"}
        if "items" in wanted and "items" in parts:
            wanted = whole(wanted) | wanted
            parts = whole(parts) | parts
        yield from (f"{place}.{name}: lost" for name in wanted.keys() - parts.keys())
        yield from (f"{place}.{name}: too much" for name in parts.keys() - wanted.keys())
        for name in wanted.keys() & parts.keys():
            is_id = name == "id" and isinstance(wanted[name], str)
            if is_id and must_be_integer(truth):
                wanted[name] = int(wanted[name])
            elif is_id:  # whether it is a record's, the catalog tells
                parts[name] = str(parts[name])
            yield from differences(parts[name], wanted[name], f"{place}.{name}")
    elif isinstance(truth, list) and isinstance(came, list):
        if len(came) != len(truth):
            yield f"{place}: {len(came)} of {len(truth)}"
        for number, (part, wanted_part) in enumerate(zip(came, truth, strict=False)):
            yield from differences(part, wanted_part, f"{place}[{number}]")
    elif came != truth or isinstance(came, bool) != isinstance(truth, bool):
        yield f"{place}: {came!r}, not {truth!r}"


def whole(collection: Row) -> Row:
    """What a collection may say of itself, or leave out, where all of it is there."""
    count = len(collection["items"])
    return {"count": count, "totalresults": count, "hasmore": False, "offset": 0}


def must_be_integer(record: Row) -> bool:
    """Whether an id is of a record, to which a link leads, and a number."""
    return bool(record.get("links")) and record["id"].lstrip("-").isdigit()


def names_in(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a document
    """All names of properties, at every depth."""
    if isinstance(part, dict):
        yield from part
        for value in part.values():
            yield from names_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from names_in(value)

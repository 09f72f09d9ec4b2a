"""Documents of the record service as rows: `links` dropped, values typed, nothing lost.

A document goes out as NetSuite shows it: a sublist stays an object with `items`, a reference an
object with `id` and `refName`. The Singer schema alone says how, so a given catalog is enough.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from tap_netsuite_tba.decoding import Row, shape
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.record_shapes import as_described
from tap_netsuite_tba.record_values import MISFIT, Scalars, scalars_of, types_of

logger = logging.getLogger(__name__)

EXTRA = "_sdc_extra"
"""The column of what the catalog does not describe, or what does not fit its type: by its name, or
by where it stands, as NetSuite's errors write it: `item.items[0].quantity`."""

LINKS = "links"
"""The addresses at which NetSuite serves what a document is made of; they are no data."""

OWN = "_sdc_"
"""How the names of columns begin that NetSuite does not have."""

_REMEDY = "Discover a new catalog with --discover, which looks at some of the newest records."

# The way down to a value: that to what it stands in, and its name or place there.
_Where = tuple[Any, str | int] | None
_Misfits = list[tuple[_Where, Any]]
_Decode = Callable[[Any, _Where, _Misfits], Any]
# The types of the values that go out as they are, and what decodes all others.
_Field = tuple[frozenset[type], _Decode]


class DocumentDecoder:
    """Decodes the documents of one record type.

    Args:
        record_type: For messages.
        schema: The Singer schema of the stream.
    """

    def __init__(self, record_type: str, schema: Mapping[str, Any]) -> None:
        self._record_type = record_type
        described: Mapping[str, Any] = schema.get("properties", {})
        self._empty: Row = dict.fromkeys(described)
        self._names = {name for name in described if not name.startswith(OWN)}
        self._members = _members({name: described[name] for name in self._names})
        is_kept = EXTRA in described
        self._fate = f"goes into {EXTRA}" if is_kept else f"is lost, for {EXTRA} is not selected"
        self._said: set[str] = set()

    def decode(self, document: Document) -> Row:
        """The row of a document, every column present and `_sdc_extra` besides.

        What goes into `_sdc_extra` is said once for each property.

        Args:
            document: Whole, numbers as `Decimal`; it is left as it is.
        """
        misfits: _Misfits = []
        found = self._members(document, None, misfits)
        extra = {}
        for name in sorted(found.keys() - self._names):
            extra[_path((None, name))] = found.pop(name)
            self._say(name, f"NetSuite gives {name} of {self._record_type}, which has no column.")
        for where, value in misfits:
            extra[_path(where)] = without_links(value)
            path = _path(where, shows_places=False)
            said = f"does not fit its type in the catalog: a value looks like {_look(value)}."
            self._say(path, f"{path} of {self._record_type} {said}")
        row: Row = self._empty | found | {EXTRA: extra or None}
        return row

    def _say(self, path: str, what: str) -> None:
        if path not in self._said:
            self._said.add(path)
            logger.warning("%s It %s. %s", what, self._fate, _REMEDY)


def without_links(value: Any) -> Any:  # noqa: ANN401 - any JSON goes in and out
    """A part of a document without the links in it, at any depth."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name.lower() != LINKS}
        return {name: without_links(each) for name, each in kept.items()}
    return [without_links(each) for each in value] if isinstance(value, list) else value


def fits(schema: Mapping[str, Any], value: object) -> bool:
    """Whether a value goes out where a schema is, not into `_sdc_extra`."""
    exact, decode = _decoder(schema)
    return type(value) in exact or decode(value, None, []) is not MISFIT


def _decoder(schema: Mapping[str, Any]) -> _Field:
    """What decodes the values of a property.

    What does not fit is added to the misfits, and MISFIT is returned.
    """
    scalars = scalars_of(schema)
    is_scalar = types_of(schema).isdisjoint({"array", "object"})
    return scalars.exact, _scalar(scalars) if is_scalar else _structure(schema, scalars)


def _scalar(scalars: Scalars) -> _Decode:
    convert = scalars.convert

    def decode(value: object, where: _Where, misfits: _Misfits) -> object:
        found = convert(value)
        if found is MISFIT:
            misfits.append((where, value))
        return found

    return decode


def _structure(schema: Mapping[str, Any], scalars: Scalars) -> _Decode:
    """What decodes objects, arrays or both, and the scalars that may stand in their place."""
    types, properties = types_of(schema), schema.get("properties", {})
    members = _members(properties) if "object" in types else None
    elements = _elements(schema.get("items")) if "array" in types else None
    identifier = scalars_of(properties["id"]) if members and "id" in properties else None

    def decode(value: Any, where: _Where, misfits: _Misfits) -> Any:  # noqa: ANN401 - any JSON
        if members and isinstance(value, dict):
            return members(value, where, misfits)
        if elements and isinstance(value, list):
            return elements(value, where, misfits)
        found = scalars.take(value)
        if found is MISFIT and identifier and (bare := identifier.take(value)) is not MISFIT:
            # An enumeration, or a reference, as earlier releases wrote it.
            return {"id": bare}
        if found is MISFIT:
            misfits.append((where, value))
        return found

    return decode


def _members(properties: Mapping[str, Any]) -> _Decode:
    """What decodes an object: names go out as described, whatever their case, others as given."""
    fields = {name: _decoder(schema) for name, schema in properties.items()}
    known = as_described(fields)

    def decode(value: Document, where: _Where, misfits: _Misfits) -> Document:
        misfits_before, others = len(misfits), []
        out = value.copy()
        out.pop(LINKS, None)
        for name, each in out.items():
            field = fields.get(name)
            if field is None:
                others.append(name)
            elif type(each) not in field[0]:
                out[name] = field[1](each, (where, name), misfits)
        for name in others:
            each, lowered = out.pop(name), name.lower()
            described = known.get(lowered, name)
            if described in fields and described not in out:
                # As if it were written as it is described.
                out[described] = decode({described: each}, where, misfits).get(described, MISFIT)
            elif lowered != LINKS:
                out[name] = without_links(each)
        if len(misfits) > misfits_before:
            return {name: each for name, each in out.items() if each is not MISFIT}
        return out

    return decode


def _elements(schema: Mapping[str, Any] | None) -> _Decode:
    """What decodes an array; of what does not fit the place stays, empty."""
    if schema is None:
        return _undescribed
    exact, decode_one = _decoder(schema)

    def decode(value: list[Any], where: _Where, misfits: _Misfits) -> list[Any]:
        found = [
            each if type(each) in exact else decode_one(each, (where, place), misfits)
            for place, each in enumerate(value)
        ]
        return [None if each is MISFIT else each for each in found]

    return decode


def _undescribed(value: object, _where: _Where, _misfits: _Misfits) -> object:
    return without_links(value)


def _look(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else shape(value)


def _path(where: _Where, *, shows_places: bool = True) -> str:
    """Where a value stands, from the document down."""
    parts: list[str] = []
    while where is not None:
        where, part = where
        if isinstance(part, int):
            parts.append(f"[{part if shows_places else ''}]")
        else:
            is_plain = part and not _SPECIAL.intersection(part)
            parts.append(f".{part}" if is_plain else f"[{json.dumps(part)}]")
    return "".join(reversed(parts)).removeprefix(".")


_SPECIAL = frozenset('.[]"')

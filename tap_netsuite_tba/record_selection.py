"""What a catalog leaves out of documents: columns, and what is inside objects and their lists.

Singer's metadata tells of a member by where its schema stands: `amount` of the lines in `item` is
at `properties, item, properties, items, items, properties, amount`. Meltano's patterns, such as
`!record_salesorder.item.items.amount`, know no lists: to them it is at `properties, item,
properties, items, properties, amount`. Both are understood; a discovery writes the second, for
Meltano marks only what it finds in a catalog.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tap_netsuite_tba.record_values import Schema

Breadcrumb = tuple[str, ...]
"""Where Singer's metadata has a member of documents."""

LeftOut = Mapping[str, Any]
"""Names in lower case, each with what is left out inside of it; None where that is all."""

_NOTHING: LeftOut = {}


def breadcrumbs(schema: Mapping[str, Any], above: Breadcrumb = ()) -> Iterator[Breadcrumb]:
    """The places of all members of documents, as Meltano's patterns have them.

    Args:
        schema: That of the documents, or of a part.
        above: Where the part is.
    """
    for name, member in schema.get("properties", {}).items():
        breadcrumb = (*above, "properties", name)
        yield breadcrumb
        yield from breadcrumbs(member, breadcrumb)
    if "items" in schema:
        yield from breadcrumbs(schema["items"], above)


def left_out(mask: Mapping[Breadcrumb, bool]) -> LeftOut:
    """What is not selected.

    Args:
        mask: The SDK's: whether what is at a place is selected.
    """
    tree: dict[str, Any] = {}
    for breadcrumb, is_selected in mask.items():
        if not is_selected and (path := _path(breadcrumb)):
            _add(tree, path)
    return tree


def selected_schema(schema: Schema, without: LeftOut) -> Schema:
    """The schema of documents without what is left out."""
    kept = dict(schema)
    if "properties" in schema:
        kept["properties"] = {
            name: selected_schema(member, without.get(name.lower(), _NOTHING))
            for name, member in schema["properties"].items()
            if without.get(name.lower(), _NOTHING) is not None
        }
    if "items" in schema:
        kept["items"] = selected_schema(schema["items"], without)
    return kept


def selected_part(value: Any, without: LeftOut) -> Any:  # noqa: ANN401 - any JSON goes in and out
    """A document, or a part of one, without what is left out, whatever the case of its names."""
    if isinstance(value, dict):
        return {
            name: selected_part(each, inside) if inside else each
            for name, each in value.items()
            if (inside := without.get(name.lower(), _NOTHING)) is not None
        }
    if isinstance(value, list):
        return [selected_part(each, without) for each in value]
    # A text where an object is described is its id alone.
    return None if without.get("id", _NOTHING) is None else value


def emptied(before: Schema, after: Schema, path: str = "") -> Iterator[str]:
    """The names of objects that are selected, while nothing in them is, as `item.items`."""
    had, has = before.get("properties", {}), after.get("properties", {})
    if path and had and not has:
        yield path
    for name, member in has.items():
        yield from emptied(had[name], member, f"{path}.{name}" if path else name)
    if "items" in after:
        yield from emptied(before["items"], after["items"], path)


def _path(breadcrumb: Breadcrumb) -> list[str]:
    """The names in a breadcrumb: what follows each `properties`."""
    words = iter(breadcrumb)
    return [next(words, "").lower() for word in words if word == "properties"]


def _add(tree: dict[str, Any], path: list[str]) -> None:
    *above, name = path
    for each in above:
        inside = tree.setdefault(each, {})
        if inside is None:
            return
        tree = inside
    tree[name] = None

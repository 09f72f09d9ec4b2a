"""The shape of a JSON value: what a recording shows of it, without the recording's own values.

A shape is JSON too:

- ``true``, ``5``: this very value.
- ``"<integer>"``, ``"<number>"``, ``"<boolean>"``: a JSON value of this type; ``"<any>"``: of any.
- any other text: a JSON string that the whole of this regular expression matches; in it,
  ``<address>``, ``<uuid>``, ``<id>``, ``<flag>``, ``<date>`` and ``<decimal>`` stand for what
  NetSuite writes so.
- ``[]``, ``[shape, shape]``: as many elements, each of its shape.
- ``[shape, "..."]``: one element or more, all of this shape.
- ``{"name": shape, "other?": shape}``: these members in this order and no more; one with a
  question mark may be absent. ``"<others>"`` allows more of them in between. So does
  ``"<others in order>"``, but then all after the first are in ASCII order, as in a row of SuiteQL;
  and ``"<others in any order>"``, where the order of all is free.
- ``{"<one of>": [shape, shape]}``: any of these.

A null has no shape, as NetSuite sends none.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ADDRESS = "https://1234567-sb1.suitetalk.api.netsuite.com"

_TYPES: Mapping[str, set[type]] = {
    "<integer>": {int},
    "<number>": {int, float},
    "<boolean>": {bool},
    "<any>": {str, int, float, bool, list, dict},
}
_PLACEHOLDERS = {
    "<address>": re.escape(ADDRESS),
    "<uuid>": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "<id>": r"-?[1-9]\d*",
    "<flag>": "[TF]",
    "<date>": r"[1-9]\d?/[1-9]\d?/\d{4}",
    "<decimal>": r"-?(0|[1-9]\d*)(\.\d*[1-9])?",
}
_OTHERS = ("<others>", "<others in order>", "<others in any order>")


def parsed(text: str) -> Any:  # noqa: ANN401  # JSON is anything
    """Return JSON, its members in their order.

    Raises:
        ValueError: it is no JSON, or a member comes twice.
    """
    return json.loads(text, object_pairs_hook=_object)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in members]
    if len(set(names)) < len(names):
        raise ValueError(f"a member comes twice in {names}")
    return dict(members)


def matches(text: str, pattern: str) -> bool:
    """Tell whether the whole of ``text`` is as ``pattern`` says."""
    for name, meaning in _PLACEHOLDERS.items():
        pattern = pattern.replace(name, f"(?:{meaning})")
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def differences(found: object, shape: object, where: str = "body") -> Iterator[str]:
    """Yield in what a value is not of a shape, and where."""
    match shape:
        case {"<one of>": choices}:
            tried = [list(differences(found, choice, where)) for choice in choices]
            if all(tried):
                yield from min(tried, key=len)
        case dict() if isinstance(found, dict):
            yield from _members(found, shape, where)
        case list() if isinstance(found, list):
            yield from _elements(found, shape, where)
        case str() if shape in _TYPES:
            if type(found) not in _TYPES[shape]:
                yield f"{where}: {found!r} is no {shape}"
        case str() if isinstance(found, str):
            if not matches(found, shape):
                yield f"{where}: {found!r} is not like {shape!r}"
        case _ if found != shape or type(found) is not type(shape):
            yield f"{where}: {found!r} instead of {shape!r}"


def _members(found: Mapping[str, object], shape: Mapping[str, object], where: str) -> Iterator[str]:
    declared = {name.removesuffix("?"): inner for name, inner in shape.items()}
    others = next((name for name in _OTHERS if name in shape), None)
    for name in shape:
        if name not in _OTHERS and not name.endswith("?") and name not in found:
            yield f"{where}.{name} is absent"
    for name, value in found.items():
        if name in declared or others is not None:
            inner = declared[name] if name in declared else shape[others or ""]
            yield from differences(value, inner, f"{where}.{name}")
        else:
            yield f"{where}.{name} is one too many"
    names = list(found)
    if others == "<others in order>":
        wanted = names[:1] + sorted(names[1:])
    else:
        names = [name for name in found if name in declared]
        wanted = [name for name in declared if name in found]
    if names != wanted and others != "<others in any order>":
        yield f"{where}: {', '.join(names)} instead of {', '.join(wanted)}"


def _elements(found: Sequence[object], shape: Sequence[object], where: str) -> Iterator[str]:
    if shape[1:] == ["..."]:
        shape = [shape[0]] * max(1, len(found))
    if len(found) != len(shape):
        yield f"{where} has {len(found)} elements instead of {len(shape)}"
    for number, (value, inner) in enumerate(zip(found, shape, strict=False)):
        yield from differences(value, inner, f"{where}[{number}]")

"""A catalog as its user edits it, and what came out of a run with it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tap_netsuite_tba.tap import TapNetSuite

Catalog = dict[str, Any]
Message = dict[str, Any]


def catalog_of(config: Mapping[str, Any]) -> Catalog:
    """The discovered catalog, by way of JSON."""
    catalog: Catalog = json.loads(TapNetSuite(config=dict(config)).catalog_json_text)
    return catalog


def metadata_of(catalog: Catalog, stream: str, *breadcrumb: str) -> dict[str, Any]:
    """What the catalog says of a stream or of one of its columns."""
    [entry] = [e for e in catalog["streams"] if e["tap_stream_id"] == stream]
    [found] = [m for m in entry["metadata"] if m["breadcrumb"] == list(breadcrumb)]
    metadata: dict[str, Any] = found["metadata"]
    return metadata


def only(catalog: Catalog, *streams: str) -> Catalog:
    """A catalog in which these streams are selected and no others."""
    edited: Catalog = json.loads(json.dumps(catalog))
    for entry in edited["streams"]:
        for each in entry["metadata"]:
            if not each["breadcrumb"]:
                each["metadata"]["selected"] = entry["tap_stream_id"] in streams
    return edited


def rows_of(messages: Iterable[Message], stream: str) -> list[dict[str, Any]]:
    """The rows of a stream, tombstones among them."""
    return [m["record"] for m in messages if m["type"] == "RECORD" and m["stream"] == stream]


def states_of(messages: Iterable[Message], stream: str) -> list[dict[str, Any]]:
    """What each STATE says of a stream."""
    bookmarks = [m["value"]["bookmarks"] for m in messages if m["type"] == "STATE"]
    return [of_streams[stream] for of_streams in bookmarks if stream in of_streams]


def last_state(messages: Iterable[Message]) -> dict[str, Any]:
    """The state that the next run is given."""
    state: dict[str, Any] = [m["value"] for m in messages if m["type"] == "STATE"][-1]
    return state

"""The files that a run is given: a state and a catalog."""

import json
from collections import Counter
from typing import IO, Any

from singer_sdk.singerlib import Catalog

from tap_netsuite_tba.catalog import unusable_catalog
from tap_netsuite_tba.errors import ConfigurationError


def read_object(file: IO[str] | None, name: str) -> dict[str, Any] | None:
    """The JSON object in a file; None without a file.

    Raises:
        ConfigurationError: It holds something else; `name` says what it was to be.
    """
    if file is None:
        return None
    try:
        content = json.loads(file.read())
    except ValueError as error:
        raise ConfigurationError(f"The {name} in {file.name} is no JSON: {error}.") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"The {name} in {file.name} is no JSON object.")
    return content


def read_catalog(file: IO[str] | None) -> Catalog | None:
    """The catalog in a file; None without a file.

    Raises:
        ConfigurationError: It holds no catalog, an empty one, or one with a stream twice.
    """
    content = read_object(file, "catalog")
    if file is None or content is None:
        return None
    try:
        for stream in content["streams"]:
            _translate(stream.get("metadata", []))
            # The SDK knows an entry by its id, and this tap its streams by their names.
            stream["tap_stream_id"] = stream.get("stream") or stream["tap_stream_id"]
        catalog = Catalog.from_dict(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"The catalog in {file.name} is not as --discover writes it: {error!r}."
        ) from None
    if not catalog.streams:
        raise ConfigurationError(f"The catalog in {file.name} has no streams.")
    names = Counter(stream["tap_stream_id"] for stream in content["streams"])
    if twice := next((name for name, times in names.items() if times > 1), None):
        raise unusable_catalog("is in it twice", stream=twice)
    return catalog


def _translate(metadata: list[dict[str, Any]]) -> None:
    """Meltano's users write `replication-method`, for which the SDK has a longer word."""
    for entry in metadata:
        if method := entry["metadata"].get("replication-method"):
            entry["metadata"].setdefault("forced-replication-method", method)

"""By what a discovery asks NetSuite."""

from collections.abc import Callable
from dataclasses import dataclass

from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.lacking_parts import Others
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Document, Fetch


@dataclass(frozen=True)
class Sources:
    """Whom a discovery asks.

    Attributes:
        fetch: Sends a query.
        catalog: Names and describes record types.
        read: Reads the record of a type that has an id; something tells of others, if need be.
        workers: Where requests are sent at the same time.
    """

    fetch: Fetch
    catalog: RecordCatalog
    read: Callable[[str, int, Others], Document]
    workers: Workers

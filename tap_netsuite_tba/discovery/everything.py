"""All that the settings ask for: tables, documents of record types, and the user's own queries."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from tap_netsuite_tba.discovery.found import Discovery, Wanted
from tap_netsuite_tba.discovery.report import report_types
from tap_netsuite_tba.discovery.sources import Sources
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.tables import Table

logger = logging.getLogger(__name__)


def discover_all(wanted: Wanted, sources: Sources, known: Sequence[Table] = ()) -> Discovery:
    """What there is for this role.

    Args:
        wanted: What the settings ask for.
        sources: By what NetSuite is asked.
        known: Tables as an earlier discovery found them.

    Raises:
        ConfigurationError: As `discover`.
        NetSuiteError: As `discover`; for a record type alone nothing else is given up.
    """
    found = Discovery()
    if wanted.patterns:
        found = discover(wanted, sources.fetch, sources.catalog, sources.workers, known)
    else:
        report_types(wanted, found)
    if wanted.records:
        # Only now: most runs read no records.
        from tap_netsuite_tba.discovery.records import discover_records  # noqa: PLC0415

        records, left_out = discover_records(wanted.records, sources)
        found = replace(found, records=records, left_out=found.left_out + left_out)
    if wanted.queries:
        from tap_netsuite_tba.discovery.queries import discover_queries  # noqa: PLC0415

        before = {table.name: table for table in known}
        queries, left_out = discover_queries(wanted.queries, sources.fetch, sources.workers, before)
        found = replace(found, queries=queries, left_out=found.left_out + left_out)
    report_left_out(found)
    return found


def report_left_out(found: Discovery) -> None:
    """Says which record types and queries cannot be read, and why."""
    for each in found.left_out:
        logger.warning("The stream %s is left out: %s", each.stream, each.reason)

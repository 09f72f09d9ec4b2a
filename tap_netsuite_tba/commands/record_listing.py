"""What there is to list of an account's record types, for the setting `records`."""

from collections.abc import Collection
from dataclasses import dataclass

from tap_netsuite_tba.discovery.found import Discovery
from tap_netsuite_tba.netsuite.errors import NetSuiteError, concerns_the_account
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.record_ids import is_known, ways_to_ids


@dataclass(frozen=True)
class ListedType:
    """A record type that NetSuite's catalog shows to the role.

    Attributes:
        name: In lower case.
        table: The table of SuiteQL's that tells the ids of its records; None if that is not known
            before the type is discovered.
        is_wanted: Whether the setting `records` names it.
    """

    name: str
    table: str | None
    is_wanted: bool


def record_types(
    catalog: RecordCatalog, found: Discovery, wanted: Collection[str]
) -> tuple[ListedType, ...] | None:
    """The record types but those whose table cannot be read; in one request, whatever there is.

    Args:
        catalog: Names them.
        found: All tables that the role can read.
        wanted: The setting `records`.

    Returns:
        None if the role does not see NetSuite's catalog, or NetSuite fails at it.

    Raises:
        NetSuiteError: The account cannot be asked at all.
    """
    try:
        names = catalog.names()
    except NetSuiteError as error:
        if concerns_the_account(error):
            raise
        return None
    tables = {table.name for table in found.tables}
    listed: list[ListedType] = []
    for name in sorted(names):
        table = ways_to_ids(name)[0].source
        if table in tables or not is_known(name):
            listed.append(ListedType(name, table if table in tables else None, name in wanted))
    return tuple(listed)

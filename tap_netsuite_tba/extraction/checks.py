"""What must be true of every page: it costs next to nothing and catches what would lose rows.

A wrong key, an ignored ORDER BY, keys sorted as text and rows that come twice all show here.
"""

from itertools import pairwise

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.tables import KeyValue, Table


def check_page(table: Table, wanted: Range, page: Page, keys: list[KeyValue]) -> None:
    """Checks a page against what was asked for.

    Args:
        table: The table that is read.
        wanted: The range that was asked for.
        page: The response.
        keys: The keys of its rows, in the order of the response; reversed where it was asked for
            in descending order.

    Raises:
        OrderViolation: The keys do not ascend strictly or lie outside the range, or the response
            announces other rows than it holds.
    """
    if len(keys) != page.count or (page.has_more and not keys):
        found = f"announces {page.count} rows, {'and more, ' * page.has_more}and holds {len(keys)}"
    elif any(one >= other for one, other in pairwise(keys)):
        one, other = next((a, b) for a, b in pairwise(keys) if a >= b)
        found = f"has the row {other} behind the row {one}"
    elif keys and not (wanted.holds(keys[0]) and wanted.holds(keys[-1])):
        found = f"begins with the row {keys[0]} and ends with {keys[-1]}"
    else:
        return
    raise OrderViolation(
        f"A page of {table.name}, asked for by {', '.join(table.key)} in {wanted}, {found}. No row "
        f"of it was used. If this comes again, {', '.join(table.key)} is not the table's key in "
        f"your account; please report it with the request id {page.request_id}.",
        table=table.name,
    )

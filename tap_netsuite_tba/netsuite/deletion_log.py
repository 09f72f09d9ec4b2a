"""The text of the queries that read `deletedrecord`, NetSuite's log of deletions."""

from collections.abc import Collection
from datetime import datetime

from tap_netsuite_tba.netsuite.expressions import modified_since, selected
from tap_netsuite_tba.tables import Column, ColumnType

LOG = "deletedrecord"
"""The table."""

_DELETED_DATE = Column("deleteddate", ColumnType.DATETIME)


def select_deleted_types(since: datetime) -> str:
    """How many deletions, `n`, the log has of each type and script id since an instant."""
    return (
        f"SELECT COUNT(*) AS n, t.type, t.scriptid FROM {LOG} t "
        f"WHERE {_logged_since(since)} GROUP BY t.type, t.scriptid"
    )


def select_deletions(
    since: datetime,
    *,
    after: int | None = None,
    types: Collection[str] = (),
    script_ids: Collection[str] = (),
) -> str:
    """What the log has since an instant, in the order of the record ids.

    Args:
        since: Deletions at this instant or later.
        after: Included lower bound of the record ids.
        types: Only those of one of these types, at most 1,000,
        script_ids: or of one of these script ids; neither given: all.
    """
    conditions = [_logged_since(since)]
    named = [
        f"t.{column} IN ({', '.join(map(_quoted, sorted(names)))})"
        for column, names in (("type", types), ("scriptid", script_ids))
        if names
    ]
    if named:
        conditions.append(f"({' OR '.join(named)})")
    if after is not None:
        conditions.append(f"t.recordid >= {after}")
    return (
        f"SELECT {selected(_DELETED_DATE, 't.deleteddate')}, t.recordid, t.type, "
        f"t.scriptid FROM {LOG} t WHERE {' AND '.join(conditions)} ORDER BY t.recordid ASC"
    )


def _logged_since(since: datetime) -> str:
    return f"{modified_since('t.deleteddate', since)} AND t.recordid IS NOT NULL"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

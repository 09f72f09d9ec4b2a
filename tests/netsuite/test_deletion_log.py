"""The queries on NetSuite's log of deletions, word for word."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.deletion_log import select_deleted_types, select_deletions

SINCE = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
LOGGED_SINCE = (
    "t.deleteddate >= TO_DATE('2026-02-27 12:00:00', 'YYYY-MM-DD HH24:MI:SS') "
    "AND SYS_EXTRACT_UTC(t.deleteddate) >= "
    "TO_TIMESTAMP('2026-03-01 10:30:00', 'YYYY-MM-DD HH24:MI:SS') AND t.recordid IS NOT NULL"
)


def test_it_is_read_since_an_instant_in_the_order_of_the_record_ids() -> None:
    assert select_deletions(SINCE).replace(LOGGED_SINCE, "…") == (
        'SELECT TO_CHAR(SYS_EXTRACT_UTC(t.deleteddate), \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') '
        "AS deleteddate, t.recordid, t.type, t.scriptid FROM deletedrecord t "
        "WHERE … ORDER BY t.recordid ASC"
    )


def test_it_is_read_on_from_a_record_id() -> None:
    assert f" WHERE {LOGGED_SINCE} AND t.recordid >= -12 ORDER BY" in (
        select_deletions(SINCE, after=-12)
    )


def test_it_is_read_by_types_and_script_ids() -> None:
    both = select_deletions(SINCE, types={"Sales Order", "Journal"}, script_ids={"salesorder"})
    named = "t.type IN ('Journal', 'Sales Order') OR t.scriptid IN ('salesorder')"
    assert f" WHERE {LOGGED_SINCE} AND ({named}) ORDER BY" in both
    one = select_deletions(SINCE, after=7, script_ids={"salesorder"})
    assert " AND (t.scriptid IN ('salesorder')) AND t.recordid >= 7 ORDER BY" in one


def test_its_types_are_counted() -> None:
    assert select_deleted_types(SINCE).replace(LOGGED_SINCE, "…") == (
        "SELECT COUNT(*) AS n, t.type, t.scriptid FROM deletedrecord t "
        "WHERE … GROUP BY t.type, t.scriptid"
    )


@given(st.sets(st.text(st.sampled_from("a'\\\"-;) é"), min_size=1), min_size=1, max_size=3))
def test_whatever_a_type_is_called_it_stays_within_its_quotes(types: set[str]) -> None:
    text = select_deletions(SINCE, types=types)
    literals = [each.replace("''", "'") for each in re.findall(r"'((?:[^']|'')*)'", text)]
    assert types <= set(literals)
    without = re.sub(r"'(?:[^']|'')*'", "?", text)
    assert re.sub(r"IN \([?, ]+\)", "IN (?)", without) == re.sub(
        r"'[^']*'", "?", select_deletions(SINCE, types={"x"})
    )

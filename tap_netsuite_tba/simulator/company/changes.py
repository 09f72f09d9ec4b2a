"""What people and scripts do to a company's rows.

Documents stay whole: their lines balance, header and accounting lines agree with them, and what is
deleted takes its lines along.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from tap_netsuite_tba.simulator.company.scripts import run


@dataclass(frozen=True)
class RecordType:
    """A type of records without lines, as its table and the log of deletions show it.

    Attributes:
        text: a column that anybody may write into.
        cursor: the modification date.
        number: recordtypeid in the log.
        name: type in the log.
    """

    text: str
    cursor: str
    number: int
    name: str


# By table, which is also the scriptid in the log.
RECORD_TYPES = {
    "customer": RecordType("comments", "lastmodifieddate", -2, "Customer"),
    "vendor": RecordType("comments", "lastmodifieddate", -3, "Vendor"),
    "item": RecordType("description", "lastmodifieddate", -10, "Item"),
    "customrecord_vehicle": RecordType("name", "lastmodified", 101, "Vehicle"),
    "customrecord_quality_check": RecordType(
        "custrecord_qc_remark", "lastmodified", 118, "Quality Check"
    ),
}
CHANGING_TABLES = ("transaction", *RECORD_TYPES)
# NetSuite deletes nothing that another record refers to.
DELETABLE_TABLES = ("transaction", "customrecord_quality_check")

_MODEL = "type IN ('SalesOrd', 'PurchOrd', 'Journal')"
# It builds on no other document, none builds on it, and its period is open.
_STANDS_ALONE = """
    id NOT IN (SELECT createdfrom FROM transactionline WHERE createdfrom IS NOT NULL)
    AND id NOT IN (SELECT transaction FROM transactionline WHERE createdfrom IS NOT NULL)
    AND coalesce(postingperiod, 0) NOT IN (SELECT id FROM accountingperiod WHERE alllocked = 'T')
"""
_SECOND_OF_AN_ORDER = """
    id = 2 AND item IS NOT NULL
    AND transaction IN (SELECT id FROM transaction WHERE posting = 'F')
"""


class Changes:
    """What can be done, in one transaction of the database.

    A deed is done once at each of ``moments`` (with time zone, whole seconds). Each method returns
    the ids of the rows that it fell on: fewer where the company has not so many.

    Args:
        session: whose transaction it is.
        lot: another lot falls on other rows.
        gone: ids of deleted transactions, which no other ever gets.
    """

    def __init__(
        self, session: duckdb.DuckDBPyConnection, lot: str, gone: Iterable[int] = ()
    ) -> None:
        self._session = session
        self._lot = lot
        session.execute("SET VARIABLE gone = ?::BIGINT[]", [list(gone)])

    def insert(self, moments: Sequence[datetime]) -> list[int]:
        """Enter an order or a journal; its id is the newest."""
        self._pick("transaction", moments, _MODEL)
        return self._enter("fresh_ids")

    def commit_late(self, moments: Sequence[datetime], seconds: int) -> list[int]:
        """Enter what says that it was entered ``seconds`` before; its id is not the newest."""
        said = [moment - timedelta(seconds=seconds) for moment in moments]
        self._pick("transaction", said, _MODEL)
        return self._enter("late_ids")

    def edit(self, moments: Sequence[datetime], table: str = "transaction") -> list[int]:
        """Write into a record; an order gets one more piece in its first line."""
        ids = self._pick(table, moments)
        if table == "transaction":
            run(self._session, "churn/edit", "churn/balance")
        else:
            self._write(table)
        return ids

    def mass_update(self, moment: datetime, count: int, table: str = "transaction") -> list[int]:
        """Let a script touch ``count`` records within one second, without any other change."""
        ids = self._pick(table, [moment] * count)
        if table == "transaction":
            run(self._session, "churn/mass_update")
        else:
            self._write(table)
        return ids

    def edit_lines(self, moments: Sequence[datetime]) -> list[int]:
        """Change lines and not their headers; returns their unique keys."""
        lines = self._pick("transactionline", moments, "mainline = 'F'", "uniquekey")
        run(self._session, "churn/edit_lines")
        return lines

    def remove_lines(self, moments: Sequence[datetime]) -> list[int]:
        """Take a line from an order, which alone shows it; returns the lines' unique keys."""
        lines = self._pick("transactionline", moments, _SECOND_OF_AN_ORDER, "uniquekey")
        run(self._session, "churn/remove_lines", "churn/balance")
        return lines

    def delete(
        self, moments: Sequence[datetime], table: str = "transaction", *, traced: bool = True
    ) -> list[int]:
        """Delete records, and log it if ``traced``; a transaction's lines go too."""
        if table == "transaction":
            ids = self._pick(table, moments, _STANDS_ALONE)
            run(self._session, *["churn/log_deletion"] * traced, "churn/delete")
            return ids
        ids = self._pick(table, moments)
        if traced:
            self._log(table)
        self._session.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM picked)")  # noqa: S608  # ours
        return ids

    def _pick(
        self,
        table: str,
        moments: Sequence[datetime],
        condition: str = "id > 0",
        key: str = "id",
    ) -> list[int]:
        """Draw a row for each moment into the temporary table ``picked``, and return the keys."""
        naive = [moment.astimezone(UTC).replace(tzinfo=None) for moment in moments]
        drawn = f"""
            CREATE OR REPLACE TEMP TABLE picked AS
            SELECT id, (?::TIMESTAMP[])[row_number() OVER ()] AS moment
            FROM (SELECT {key} AS id FROM {table} WHERE {condition}
                  ORDER BY hash({key}, ?), {key} LIMIT ?)
        """  # noqa: S608  # names and conditions of this module
        self._session.execute(drawn, [naive, self._lot, len(naive)])
        return self._ids("picked")

    def _ids(self, table: str) -> list[int]:
        found = self._session.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()  # noqa: S608  # ours
        return [row[0] for row in found]

    def _enter(self, ids: str) -> list[int]:
        run(self._session, f"churn/{ids}", "churn/insert")
        return self._ids("fresh")

    def _write(self, table: str) -> None:
        kind = RECORD_TYPES[table]
        self._session.execute(
            f"UPDATE {table} AS r SET {kind.cursor} = greatest({kind.cursor}, moment),"  # noqa: S608  # ours
            f" {kind.text} = 'Edited ' || strftime(moment, '%Y-%m-%d %H:%M:%S')"
            " FROM picked WHERE r.id = picked.id"
        )

    def _log(self, table: str) -> None:
        kind = RECORD_TYPES[table]
        logged = """
            INSERT INTO deletedrecord BY NAME
            SELECT id AS recordid, $number AS recordtypeid, $table AS scriptid, $name AS type,
                   $name || ' ' || id AS name, 'UIF' AS context, -5 AS deletedby,
                   moment AS deleteddate, 'F' AS iscustomlist, 'T' AS iscustomrecord,
                   'F' AS iscustomtransaction
            FROM picked
        """
        values = {"number": kind.number, "table": table, "name": kind.name}
        self._session.execute(logged, values)

"""Orders with more lines than people write by hand."""

from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.kinds import identifier

_STORED = """
    SELECT column_name FROM duckdb_columns()
    WHERE table_name = 'transactionline' AND column_default IS NULL
"""
_FIRST = """
    SELECT id, foreignamount, netamount FROM transactionline
    WHERE transaction = ? AND item IS NOT NULL AND iscogs = 'F' ORDER BY id LIMIT 1
"""
_COPIES = """
    INSERT INTO transactionline ({names}) SELECT {copied}
    FROM transactionline, range(1, $count + 1) AS r(n)
    WHERE transaction = $transaction AND id = $line
"""
# What is another in each copy.
_OWN = {
    "id": "n + (SELECT max(id) FROM transactionline WHERE transaction = $transaction)",
    "uniquekey": "n + (SELECT max(uniquekey) FROM transactionline)",
}
_HEADER = """
    UPDATE transaction SET foreigntotal = foreigntotal - ?, total = total - ? WHERE id = ?
"""
_MAIN_LINE = """
    UPDATE transactionline
    SET foreignamount = foreignamount - ?, netamount = netamount - ?
    WHERE transaction = ? AND mainline = 'T'
"""


def add_lines(storage: Storage, transaction: int, count: int) -> None:
    """Copy the first item line of a transaction ``count`` times; its totals grow along.

    Args:
        storage: the account's rows.
        transaction: internal id of one that has an item line.
        count: lines to add.

    Raises:
        ValueError: it has no item line.
    """
    with storage.transaction() as cursor:
        first = cursor.execute(_FIRST, [transaction]).fetchone()
        if first is None:
            raise ValueError(f"transaction {transaction} has no item line to copy")
        line, foreign, net = first
        stored = [name for (name,) in cursor.execute(_STORED).fetchall()]
        names = ", ".join(map(identifier, stored))
        copied = ", ".join(_OWN.get(name, identifier(name)) for name in stored)
        values = {"transaction": transaction, "line": line, "count": count}
        cursor.execute(_COPIES.format(names=names, copied=copied), values)
        cursor.execute(_HEADER, [count * foreign, count * net, transaction])
        cursor.execute(_MAIN_LINE, [count * foreign, count * net, transaction])

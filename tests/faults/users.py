"""People and scripts who change a company while it is read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tap_netsuite_tba.simulator import Simulator

# In a table without cursor; nothing logs what is deleted there.
_DEALINGS_WITH_VENDORS = (
    """
    UPDATE itemvendor SET purchaseprice = coalesce(purchaseprice, 0) + 1
    WHERE hash(item, vendor, ?) % 4 = 0 RETURNING item
    """,
    "DELETE FROM itemvendor WHERE hash(item, vendor, ?) % 16 = 0 RETURNING item",
    """
    INSERT INTO itemvendor BY NAME SELECT item, vendor + 1 AS vendor, purchaseprice FROM itemvendor
    WHERE hash(item, vendor, ?) % 8 = 0
      AND (item, vendor + 1) NOT IN (SELECT (item, vendor) FROM itemvendor)
    RETURNING item
    """,
)

LATE_SECONDS = 900
"""How long after what they say late commits appear."""

# Ids between those that are there, behind the reader and ahead of it; never one that was deleted.
_ENTER_ANYWHERE = """
    INSERT INTO transaction BY NAME
    SELECT id + 1 AS id, type, recordtype, tranid, trandate, entity, currency, foreigntotal, memo,
           'T' AS posting, createddate, ? AS lastmodifieddate
    FROM transaction
    WHERE id + 1 NOT IN (SELECT id FROM transaction)
      AND id + 1 NOT IN (SELECT recordid FROM deletedrecord)
    ORDER BY hash(id, ?) LIMIT ?
    RETURNING id
"""


# At the lowest free ids: behind the reader, once it has a page.
_ENTER_LATE = """
    INSERT INTO {table} BY NAME
    SELECT id + 1 AS id, {columns}, ? AS lastmodifieddate FROM {table}
    WHERE id + 1 NOT IN (SELECT id FROM {table})
      AND id + 1 NOT IN (SELECT recordid FROM deletedrecord)
    ORDER BY id LIMIT 2
    RETURNING id
"""
_LATE_CUSTOMERS = _ENTER_LATE.format(table="customer", columns="entityid, companyname, comments")
_LATE_TRANSACTIONS = _ENTER_LATE.format(
    table="transaction", columns="type, recordtype, tranid, memo"
)
_THEIR_LINES = (
    """
    INSERT INTO transactionline BY NAME
    SELECT transaction + 1 AS transaction, id, mainline, item, quantity, linelastmodifieddate,
           (SELECT max(uniquekey) FROM transactionline) + row_number() OVER () AS uniquekey
    FROM transactionline WHERE list_contains(?::BIGINT[], transaction + 1)
    """,
    """
    INSERT INTO transactionaccountingline BY NAME
    SELECT transaction + 1 AS transaction, transactionline, accountingbook, account, amount
    FROM transactionaccountingline WHERE list_contains(?::BIGINT[], transaction + 1)
    """,
)


class Users:
    """Each step is one deed of ten changes or more, which tie on one second.

    Args:
        account: Where they work.
        seed: The same seed, the same deeds in the same order.

    Attributes:
        changes: How many rows they have changed.
    """

    def __init__(self, account: Simulator, seed: int) -> None:
        churn = account.churn
        self.changes = 0
        self._account = account
        self._dice = Random(seed)
        self._deeds: list[Callable[[], list[int]]] = [
            lambda: churn.edit(30),
            lambda: churn.edit(10, "customer"),
            lambda: churn.edit(10, "item"),
            lambda: churn.mass_update(100),
            lambda: churn.insert(20),
            lambda: churn.commit_late(10, LATE_SECONDS),
            lambda: self._enter_anywhere(10),
            lambda: churn.delete(10),
            lambda: churn.remove_lines(15),
            lambda: churn.edit_lines(30),
            self._deal_with_vendors,
        ]
        self._coming: list[Callable[[], list[int]]] = []

    def work(self) -> None:
        """One deed; each kind comes before any comes again, and none twice in one second."""
        if not self._coming:
            self._coming = self._dice.sample(self._deeds, len(self._deeds))
        self.changes += len(self._coming.pop()())
        # Else whoever reads lines would wait for the second's end. Not 300 times in a test: five
        # minutes ahead of the host, NetSuite refuses the logins of all that is in flight.
        self._account.clock.advance(1)

    def save_late(self) -> None:
        """Customers and transactions with their lines appear, as late as commits ever do."""
        said = self._now() - timedelta(seconds=LATE_SECONDS)
        self._account.sql(_LATE_CUSTOMERS, [said])
        entered = self._account.sql(_LATE_TRANSACTIONS, [said])
        for text in _THEIR_LINES:
            self._account.sql(text, [[key for (key,) in entered]])

    def _deal_with_vendors(self) -> list[int]:
        dealings = (
            self._account.sql(text, [self._dice.random()]) for text in _DEALINGS_WITH_VENDORS
        )
        return [key for rows in dealings for (key,) in rows]

    def _enter_anywhere(self, count: int) -> list[int]:
        entered = self._account.sql(_ENTER_ANYWHERE, [self._now(), self._dice.random(), count])
        return [key for (key,) in entered]

    def _now(self) -> datetime:
        return self._account.clock.now().replace(microsecond=0, tzinfo=None)

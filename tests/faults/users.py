"""People and scripts who change a company while it is read."""

from collections.abc import Callable
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
        """One deed; each kind comes before any comes again."""
        if not self._coming:
            self._coming = self._dice.sample(self._deeds, len(self._deeds))
        self.changes += len(self._coming.pop()())

    def _deal_with_vendors(self) -> list[int]:
        dealings = (
            self._account.sql(text, [self._dice.random()]) for text in _DEALINGS_WITH_VENDORS
        )
        return [key for rows in dealings for (key,) in rows]

    def _enter_anywhere(self, count: int) -> list[int]:
        now = self._account.clock.now().replace(microsecond=0, tzinfo=None)
        entered = self._account.sql(_ENTER_ANYWHERE, [now, self._dice.random(), count])
        return [key for (key,) in entered]

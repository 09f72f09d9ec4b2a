"""What differs between the tables of a catalog and those of the account.

Only what accounts add is compared. Standard tables and columns come and go with permissions, of
which the lists of what was added tell nothing; one that is gone is said by its stream.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tap_netsuite_tba.discovery.customtables import LIST, RECORD
from tap_netsuite_tba.discovery.families import is_custom
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, Table


@dataclass(frozen=True)
class Changes:
    """Names of tables, and of columns as `table.column`, and what became of them.

    Attributes:
        lacking: Tables that the catalog does not have: they are new, or were left out of it.
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def compared(
    catalog: Iterable[Table], account: Iterable[Table], added: Collection[str] = ()
) -> Changes:
    """What the account has and the catalog has not, and the other way round.

    Args:
        catalog: The tables of the catalog.
        account: Those of the account.
        added: The names of those that were not there before.
    """
    before = {table.name: table for table in catalog}
    now = {table.name: table for table in account}
    more = {name for name in now.keys() - before.keys() if is_own(name)}
    new: list[str] = []
    gone: list[str] = []
    retyped: list[str] = []
    for name in sorted(before.keys() & now.keys()):
        had, has = _custom_columns(before[name]), _custom_columns(now[name])
        new += [f"{name}.{column}" for column in has if column not in had]
        gone += [f"{name}.{column}" for column in had if column not in has]
        retyped += [
            f"{name}.{column} ({has[column].type}, was {had[column].type})"
            for column in had
            if column in has and has[column].type is not had[column].type
        ]
    return Changes(
        new=(*new, *sorted(more.intersection(added))),
        gone=(*gone, *sorted(name for name in before.keys() - now.keys() if is_own(name))),
        retyped=tuple(retyped),
        lacking=tuple(sorted(more.difference(added))),
    )


def is_own(table: str) -> bool:
    """Whether it is the name of a table that the account made: a custom record or list."""
    return table.startswith((RECORD, LIST)) and table not in shipped_tables()


def _custom_columns(table: Table) -> Mapping[str, Column]:
    return {c.name: c for c in table.columns if is_custom(c.name) and not c.label_of}

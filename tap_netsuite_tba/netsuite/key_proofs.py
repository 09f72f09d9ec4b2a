"""The text of the SuiteQL queries that tell whether some columns identify the rows of a table."""

from tap_netsuite_tba.tables import Table

REPEATED_SHOWN = 3
"""How many keys that are not unique are shown."""


def select_key_counts(table: Table) -> str:
    """How many rows there are, `n`, and how many of them have each column of the key.

    The latter are called as `key_names` says. Of a key that is one column, `d` is how many values
    it has.
    """
    counts = ["COUNT(*) AS n"]
    named = zip(table.key, key_names(table), strict=True)
    counts += [f"COUNT(t.{column}) AS {name}" for column, name in named]
    if len(table.key) == 1:
        counts.append(f"COUNT(DISTINCT t.{table.key[0]}) AS d")
    return f"SELECT {', '.join(counts)} FROM {table.from_text} t"  # noqa: S608 - checked in Table


def select_repeated(table: Table) -> str:
    """The keys, as `key_names`, that several rows have, and how many, `n`; most of them first."""
    key = [f"t.{column}" for column in table.key]
    named = zip(key, key_names(table), strict=True)
    selected = ", ".join(f"{column} AS {name}" for column, name in named)
    order = ", ".join(f"{column} ASC" for column in key)
    return (
        f"SELECT {selected}, COUNT(*) AS n FROM {table.from_text} t "  # noqa: S608 - likewise
        f"GROUP BY {', '.join(key)} HAVING COUNT(*) > 1 ORDER BY COUNT(*) DESC, {order}"
    )


def key_names(table: Table) -> tuple[str, ...]:
    """What the columns of the key are called in these answers: `c0`, `c1`."""
    return tuple(f"c{number}" for number in range(len(table.key)))

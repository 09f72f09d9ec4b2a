"""The text of the query that reads all columns of a table by its key, whatever they are."""

from tap_netsuite_tba.tables import Table


def select_all_after(table: Table, after: int | None) -> str:
    """The rows whose key, one column, is higher than `after`, lowest first; None is no bound."""
    [key] = table.key
    where = "" if after is None else f" WHERE t.{key} > {after}"
    return f"SELECT t.* FROM {table.from_text} t{where} ORDER BY t.{key} ASC"  # noqa: S608 - checked in Table

"""Why SuiteQL refuses a query, in NetSuite's words."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.errors import Refusal, bad_request

_PREFIX = "Invalid search query. Detailed unprocessed description follows. "


def _query_refused(description: str) -> Refusal:
    return bad_request(_PREFIX + description, parameter="q")


def unsupported() -> Refusal:
    """Refuse a join, function or form that SuiteQL does not have."""
    return _query_refused("Search error occurred: Invalid or unsupported search.")


def unparsable() -> Refusal:
    """Refuse a text that is no query at all."""
    return _query_refused("Search error occurred: Invalid or unsupported search. Parse error.")


def unknown_table(name: str) -> Refusal:
    """Refuse a table that NetSuite does not have."""
    return _query_refused(f"Invalid search type: {name}.")


def hidden_table(name: str) -> Refusal:
    """Refuse a table that the role may not read, or whose feature is off."""
    return _query_refused(f"Search error occurred: Record '{name}' was not found.")


def unknown_column(name: str, sources: Mapping[str, str]) -> Refusal:
    """Refuse a column that none of the tables has.

    Args:
        name: the column as the query wrote it.
        sources: alias to table, of the tables that were searched.
    """
    available = ", ".join(f"{alias}={table}" for alias, table in sources.items())
    return _query_refused(
        f"Search error occurred: Unknown identifier '{name}'. "
        f"Available identifiers are: {{{available}}}."
    )


def unexposed_column(column: str, table: str, reason: str) -> Refusal:
    """Refuse a column that exists but cannot be searched."""
    return _query_refused(
        f"Search error occurred: Field '{column}' for record '{table}' was not found. "
        f"Reason: {reason}"
    )

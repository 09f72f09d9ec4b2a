"""Why SuiteQL refuses a query, in NetSuite's words."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.errors import Refusal, bad_request

_PREFIX = "Invalid search query. Detailed unprocessed description follows. "


def _query_refused(description: str) -> Refusal:
    return bad_request(_PREFIX + description, parameter="q")


def unsupported() -> Refusal:
    """Refuse a join, function or form that SuiteQL does not have."""
    return _query_refused("Search error occurred: Invalid or unsupported search.")


def syntax_error(query: str, near: str, line: int, column: int) -> Refusal:
    """Refuse a text that the grammar does not have, in the words of NetSuite's parser.

    Args:
        query: as it was written; NetSuite repeats it.
        near: the token that does not fit.
        line: of the token, from 1.
        column: of the token, from 1.
    """
    # The state of NetSuite's parser cannot be known; 0 is one that a client has met.
    return _query_refused(
        f"Failed to parse SQL [{query}]: syntax error, state:0(10102) "
        f"near: {near}({line},{column}, token code:0)"
    )


def unknown_table(name: str) -> Refusal:
    """Refuse a table that NetSuite does not have."""
    return _query_refused(f"Invalid search type: {name}.")


def hidden_table(name: str) -> Refusal:
    """Refuse a table that the role may not read, or whose feature is off."""
    return _query_refused(f"Search error occurred: Record '{name}' was not found.")


def unknown_identifier(name: str, sources: Mapping[str, str]) -> Refusal:
    """Refuse a column that none of the tables has, or an alias that stands for no table.

    Args:
        name: the column or alias as the query wrote it.
        sources: alias to table as the query wrote it, of the tables that were searched.
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

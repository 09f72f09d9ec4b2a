"""What the record service refuses, in NetSuite's words as far as they are known."""

from tap_netsuite_tba.simulator.errors import (
    Refusal,
    bad_request,
    forbidden,
    no_record,
    no_record_type,
    permission_violation,
)

_IN_VAIN = "Error while accessing a resource."


def nonexistent(table: str | None) -> Refusal:
    """Return the answer to the id of no record: 400 for a transaction, else 404, as recorded."""
    if table == "transaction":
        return bad_request(f"{_IN_VAIN} Transaction type specified is incorrect.", "USER_ERROR")
    return no_record()


def locked() -> Refusal:
    """Return the 400 of a record that a workflow has locked; a GET opens it as if to edit it."""
    detail = f"{_IN_VAIN} This record has been locked by a user defined workflow."
    return bad_request(detail, "USER_ERROR")


def administrators_only() -> Refusal:
    """Return the 400 of an administrator's employee record."""
    detail = (
        f"{_IN_VAIN} For security reasons, only an administrator is allowed to edit an "
        "administrator record."
    )
    return bad_request(detail, "USER_ERROR")


def without_permission(status: str, title: str, name: str, path: str) -> Refusal:
    """Return how a record is refused to a role without its permission.

    Args:
        status: 403, 400 or 404, by the switch ``without_record``.
        title: of the record type.
        name: of the record type, as the client wrote it.
        path: of the request.
    """
    match status:
        case "400":
            return bad_request(permission_violation(title), "USER_ERROR")
        case "404":
            return no_record_type(name, path)
        case _:
            return forbidden()


def foreign_language() -> Refusal:
    """Return the 400 that users get whose language is another than the account's."""
    detail = "The language of the user is not supported. Use the default language of the account."
    return bad_request(detail, "INVALID_HEADER", header="Accept-Language")


def unknown_parameter(name: str) -> Refusal:
    """Return the 400 of a query parameter that nobody knows."""
    return bad_request(f"Invalid query parameter '{name}'.", parameter=name)


def invalid_value(name: str, value: str) -> Refusal:
    """Return the 400 of a query parameter that does not take this value."""
    return bad_request(f"Invalid value '{value}' of parameter '{name}'.", parameter=name)

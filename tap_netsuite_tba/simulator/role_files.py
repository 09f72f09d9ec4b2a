"""Roles as JSON files: those that ship, and people's own; and what each permission opens."""

import json
import logging
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from tap_netsuite_tba.simulator.roles import (
    LEVELS,
    OAUTH2_TOKENS,
    REST,
    TOKENS,
    WORKBOOK,
    ColumnRefusal,
    Role,
)

logger = logging.getLogger(__name__)
SHIPPED = ("administrator", "integration", "crippled")
_HOME = files("tap_netsuite_tba.simulator") / "roles"
# Of NetSuite's other permissions none but "Custom Sublists" is as near to one of these as that.
_LIKENESS_OF_A_SLIP = 0.85
_LOOKS_LIKE_A_SLIP = "Custom Sublists"


class RoleFileError(ValueError):
    """A role file that cannot be used, in one sentence: which file, which key."""


def permission_data() -> Mapping[str, Any]:
    """Return what each permission and each feature opens."""
    data: dict[str, Any] = json.loads((_HOME / "permissions.json").read_text(encoding="utf-8"))
    return data


def _known_permissions() -> frozenset[str]:
    """Return NetSuite's names of the permissions that open anything here."""
    data = permission_data()
    of_tables = [*data["tables"].values(), *data["families"].values()]
    of_types = [kinds.values() for kinds in data["kinds"].values()]
    names = {REST, WORKBOOK, *TOKENS, *OAUTH2_TOKENS, *data["record_types"].values()}
    return frozenset(names.union(*of_tables, *of_types))


def load_role(name_or_path: str | Path) -> Role:
    """Read one of the roles that ship, by its name, or a file.

    A file may name permissions that open nothing here, as a role copied from life does: a warning
    lists them.

    Raises:
        RoleFileError: there is no such role, or its file cannot be used; a permission's name that
            is nearly that of a known one counts as misspelt.
    """
    own = str(name_or_path)
    try:
        path = _HOME / f"{own}.json" if own in SHIPPED else Path(name_or_path)
        data = json.loads(path.read_text(encoding="utf-8"))
    except TypeError as error:
        raise RoleFileError(f"a role is a name, a file or a Role, not {own}") from error
    except OSError as error:
        raise RoleFileError(
            f"the role {own!r} is neither one of {', '.join(SHIPPED)} nor a file that can be read "
            f"({error.strerror})"
        ) from error
    except (ValueError, RecursionError) as error:
        raise RoleFileError(f"the role file {own} is no JSON ({error})") from error
    return _role(own, data)


def _role(source: str, data: object) -> Role:
    """Make a role of the content of a file.

    Raises:
        RoleFileError: a key is missing, unknown, or holds something else.
    """
    if not isinstance(data, dict):
        raise RoleFileError(f"the role file {source} holds no JSON object")
    for key in ("name", "permissions"):
        if key not in data:
            raise RoleFileError(f"the role file {source} lacks the key {key!r}")
    read: dict[str, Any] = {}
    for key, content in data.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise RoleFileError(f"the role file {source} has a key {key!r}; there are {known}")
        expected, reader = _KEYS[key]
        try:
            read[key] = reader(content)
        except (AttributeError, TypeError, ValueError) as error:
            raise RoleFileError(f"in the role file {source}, {key!r} must be {expected}") from error
    read.pop("about", None)
    _check_spelling(source, read["permissions"] or {})
    return Role(**read)


def _check_spelling(source: str, permissions: Mapping[str, str]) -> None:
    """Refuse misspelt names of permissions, and warn of those that open nothing.

    Raises:
        RoleFileError: a name is nearly that of a known permission.
    """
    known = {name.casefold(): name for name in _known_permissions()}
    # Each type of custom record has a permission of its own, named after it.
    idle = sorted(
        name for name in permissions.keys() - known.values() if not name.startswith("customrecord")
    )
    for name in idle:
        near = get_close_matches(name.casefold(), known, cutoff=_LIKENESS_OF_A_SLIP)
        if near and name != _LOOKS_LIKE_A_SLIP:
            meant = " or ".join(repr(known[each]) for each in near)
            raise RoleFileError(
                f"the role file {source} names a permission {name!r}; is {meant} meant?"
            )
    if idle:
        logger.warning(
            "The role file %s names permissions that open nothing here: %s.",
            source,
            ", ".join(idle),
        )


def _text(content: object) -> str:
    if not isinstance(content, str):
        raise TypeError
    return content


def _permissions(content: Any) -> Mapping[str, str] | None:  # noqa: ANN401  # whatever stands there
    if content == "all":
        return None
    for level in content.values():
        LEVELS.index(level)
    return dict(content)


def _subsidiaries(content: Any) -> frozenset[int] | None:  # noqa: ANN401
    if content == "all":
        return None
    if not isinstance(content, list) or not all(type(each) is int for each in content):
        raise TypeError
    return frozenset(content)


def _features(content: Any) -> frozenset[str]:  # noqa: ANN401
    if not isinstance(content, list) or not set(content) <= FEATURES:
        raise TypeError
    return frozenset(content)


def _names(content: Any) -> frozenset[str]:  # noqa: ANN401
    if not isinstance(content, list):
        raise TypeError
    return frozenset(_text(name).lower() for name in content)


def _unlisted(content: Any) -> frozenset[str] | None:  # noqa: ANN401
    return None if content == "all" else _names(content)


def _truth(content: object) -> bool:
    if not isinstance(content, bool):
        raise TypeError
    return content


def _columns(content: Any) -> Mapping[tuple[str, str], ColumnRefusal]:  # noqa: ANN401
    kept: dict[tuple[str, str], ColumnRefusal] = {}
    for name, how in content.items():
        table, column = name.lower().split(".")
        kept[table, column] = ColumnRefusal(how)
    return kept


FEATURES = frozenset(permission_data()["features"])

_KEYS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("a text", _text),
    "about": ("a text", _text),
    "permissions": (
        f'"all", or levels ({", ".join(LEVELS)}) by name of the permission',
        _permissions,
    ),
    "subsidiaries": ('"all", or a list of internal ids', _subsidiaries),
    "features_off": (f"a list of {', '.join(sorted(FEATURES))}", _features),
    "unlisted": ('"all", or a list of record types', _unlisted),
    "unqueryable": ("a list of tables", _names),
    "web_services_only": ("true or false", _truth),
    "columns": (
        f'"table.column" with {", ".join(ColumnRefusal)}',
        _columns,
    ),
}

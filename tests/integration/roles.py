"""Roles that lack something."""

from collections.abc import Mapping
from dataclasses import replace

from tap_netsuite_tba.simulator import Role
from tap_netsuite_tba.simulator.role_files import load_role

LISTS: Mapping[str, str] = {
    "customfield": "Custom Fields",
    "customlist": "Custom Lists",
    "customrecordtype": "Custom Record Types",
    "customsegment": "Custom Segments",
}
"""The permission that shows each of NetSuite's lists of what an account added."""


def without(*permissions: str) -> Role:
    """The role of an integration, without these permissions."""
    role = load_role("integration")
    held = role.permissions or {}
    return replace(role, permissions={name: held[name] for name in held.keys() - {*permissions}})

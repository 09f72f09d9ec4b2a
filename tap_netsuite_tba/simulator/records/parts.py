"""What a record is made of, before it becomes JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True)
class Reference:
    """Another record, as a field names it.

    Attributes:
        id: its internal id.
        name: what people call it.
        type: its record type, to which its link leads; None where there is no link.
        external_id: if it has one.
    """

    id: str
    name: str
    type: str | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Enumeration:
    """One of the choices that NetSuite itself knows.

    Attributes:
        id: of the choice.
        name: what people call it.
        has_links: whether it comes with a list of links, which is empty.
    """

    id: str
    name: str
    has_links: bool = False


@dataclass(frozen=True)
class MultiSelect:
    """What is selected in a field that takes several records."""

    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Part:
    """A record, a line of it, or a subrecord.

    Attributes:
        key: what its address ends in: an internal id, what tells a line, a subrecord's name.
        fields: by name, as the metadata catalog writes it; null ones are absent.
    """

    key: str
    fields: Mapping[str, "Value"]


@dataclass(frozen=True)
class Sublist:
    """The lines of a record."""

    lines: tuple[Part, ...]


# Dates are texts already.
Value: TypeAlias = (
    "str | int | Decimal | bool | Reference | Enumeration | MultiSelect | Part | Sublist"
)

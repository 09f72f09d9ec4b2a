"""What a record shows beyond the columns of its row: sums, choices, and the lines of sublists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line before it has types.

    Attributes:
        key: what its address ends in.
        row: raw values by the property's name in lower case.
        table: whose columns they are; None if they were made up.
    """

    key: str
    row: Mapping[str, Any]
    table: str | None = None


@dataclass(frozen=True)
class Beyond:
    """What stands in no column.

    Attributes:
        fields: raw values by the property's name in lower case.
        lines: of each sublist that has any, by its name.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Sequence[Line]] = field(default_factory=dict)

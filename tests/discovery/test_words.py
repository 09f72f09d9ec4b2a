"""What a refusal names, however it spells it."""

from collections.abc import Callable

import pytest

from tap_netsuite_tba.discovery.words import (
    NamedColumn,
    named_column,
    named_table,
    names_unknown_table,
    says_absent,
)

from .role import PREFIX, UNNAMED

QUOTES = ["''", '""', "\u201c\u201d", "\u2018\u2019", "``", ("", "")]


@pytest.mark.parametrize("quotes", QUOTES)
@pytest.mark.parametrize("change", [str, str.upper, str.lower])
@pytest.mark.parametrize("end", ["", "."])
class TestAColumn:
    @pytest.mark.parametrize(
        ("name", "owner"), [("memo", ""), ("t.memo", "t"), ("Transaction.Memo", "transaction")]
    )
    def test_that_is_unknown(
        self, quotes: tuple[str, str], change: Callable[[str], str], end: str, name: str, owner: str
    ) -> None:
        first, last = quotes
        words = f"Unknown identifier {first}{name}{last}. Available identifiers are: {{t=x}}{end}"
        words = f"{PREFIX}Search error occurred: {change(words)}"
        assert named_column(words) == NamedColumn("memo", owner)
        assert named_table(words) is None
        assert says_absent(words)

    @pytest.mark.parametrize("name", ["shipcountry", "t.shipcountry"])
    @pytest.mark.parametrize("reason", ["Reason: NOT_EXPOSED", "Reason: REMOVED", ""])
    def test_that_is_hidden(
        self,
        quotes: tuple[str, str],
        change: Callable[[str], str],
        end: str,
        name: str,
        reason: str,
    ) -> None:
        first, last = quotes
        words = f"Field {first}{name}{last} for record {first}transaction{last} was not found. "
        words = f"{PREFIX}Search error occurred: {change(words + reason)}{end}"
        assert named_column(words) == NamedColumn("shipcountry", "transaction")
        assert named_table(words) is None
        assert says_absent(words)

    def test_that_is_used_wrongly(
        self, quotes: tuple[str, str], change: Callable[[str], str], end: str
    ) -> None:
        first, last = quotes
        words = f"SYS_EXTRACT_UTC cannot take the field {first}t.due$day#{last}{end}"
        expected = NamedColumn("due$day#", "t") if first else None
        assert named_column(change(words)) == expected
        assert not says_absent(change(words))


@pytest.mark.parametrize("quotes", QUOTES)
@pytest.mark.parametrize("end", ["", "."])
def test_a_table_that_is_refused(quotes: tuple[str, str], end: str) -> None:
    first, last = quotes
    for words in (
        f"Search error occurred: Record {first}CUSTOMRECORD_1{last} was not found{end}",
        f"search error occurred: record {first}customrecord_1{last} was not found{end}",
        f"Invalid search type: {first}customrecord_1{last}{end}",
        f"invalid search type {first}CustomRecord_1{last}{end}",
    ):
        assert named_table(PREFIX + words) == "customrecord_1"
        assert named_column(PREFIX + words) is None
        assert names_unknown_table(PREFIX + words) == words.lower().startswith("invalid")


@pytest.mark.parametrize(
    "words", ["", UNNAMED, "An unexpected error occurred. Error ID: abc", "No field of that kind"]
)
def test_other_words_name_nothing(words: str) -> None:
    assert named_column(words) is None
    assert named_table(words) is None
    assert not says_absent(words)

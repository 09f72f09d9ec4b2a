"""What commands write fits a terminal, and through a pipe each line is whole."""

import io
import logging

import pytest

from tap_netsuite_tba.commands.screen import console_of, grid, in_one_line, log_on

NAME = "customrecord_of_a_very_long_name_indeed"
ROWS = [(NAME, "12 + 3 custom", "", "words " * 30)]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(stream: io.StringIO) -> list[str]:
    console_of(stream).print(grid(("table", "columns", "group", "note"), ROWS))
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_a_table_is_as_wide_as_its_terminal_and_keeps_its_names(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = shown(Terminal())
    assert max(map(len, lines[1:])) <= columns
    assert lines[1].startswith(NAME)
    assert len(lines) > 2


def test_a_terminal_that_is_too_narrow_folds_the_lines_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    assert shown(Terminal())[1].startswith(NAME)


def test_a_pipe_gets_whole_lines_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, line = shown(io.StringIO())
    assert line.split() == [NAME, "12", "+", "3", "custom", *["words"] * 30]


def test_a_column_that_is_empty_is_left_out() -> None:
    assert shown(io.StringIO())[0].split() == ["table", "columns", "note"]


def test_colours_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured, plain = Terminal(), Terminal()
    console_of(coloured).print("words", style="yellow")
    monkeypatch.setenv("NO_COLOR", "1")
    console_of(plain).print("words", style="yellow")
    assert "\x1b[33m" in coloured.getvalue()
    assert plain.getvalue() == "words\n"


def test_what_an_encoding_does_not_have_is_written_another_way() -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, "ascii")
    console_of(stream).print("Région")
    stream.flush()
    assert written.getvalue() == b"R\\xe9gion\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\tb\r\nc", "a b c"), ("\x1b[2Jred", "[2Jred"), ("日付 😀", "日付 😀"), (" \n ", "")],
)
def test_a_text_of_the_account_s_stays_in_its_line(text: str, line: str) -> None:
    assert in_one_line(text) == line


def test_a_text_of_the_account_s_is_no_markup() -> None:
    stream = io.StringIO()
    console_of(stream).print(grid(("a",), [("[red]x[/red] :smile:",)]))
    assert "[red]x[/red] :smile:" in stream.getvalue()


def test_warnings_are_shown_but_those_that_the_result_has() -> None:
    stream = io.StringIO()
    with log_on(console_of(stream), without={"told.elsewhere"}):
        logging.getLogger("somewhere").warning("%s rows are gone.", 7)
        logging.getLogger("told.elsewhere").warning("Not here.")
    logging.getLogger("somewhere").warning("Too late.")
    assert stream.getvalue() == "Warning: 7 rows are gone.\n"

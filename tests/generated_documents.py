"""What docs/ says of errors, causes and permissions, written from explanations.toml.

    .venv/bin/python -m tests.generated_documents

writes it anew between the marks in the documents; a test tells when that is due.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tap_netsuite_tba.explanations import (
    Cause,
    Permission,
    cause,
    explanation_of,
    functions_instead,
    permissions,
    trap_words,
)
from tap_netsuite_tba.netsuite.traps import EMPTY, FATAL, REFUSED, SILENT, UNNAMED

PACKAGE = Path(__file__).parents[1] / "tap_netsuite_tba"
_WORDS = tomllib.loads((PACKAGE / "explanations.toml").read_text(encoding="utf-8"))
ERRORS = tuple(_WORDS["errors"])
CAUSES = tuple(map(cause, _WORDS["causes"]))

DOCS = Path(__file__).parents[1] / "docs"
DOCUMENTS = (DOCS / "setup.md", DOCS / "troubleshooting.md")

_MARKED = re.compile(r"(<!-- begin: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_generated(text: str) -> str:
    """A document with what stands between its marks written anew."""
    return _MARKED.sub(lambda mark: f"{mark[1]}\n{PARTS[mark[2]]()}\n{mark[3]}", text)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _code(words: Iterable[str], between: str = ", ") -> str:
    return between.join(f"`{word}`" for word in words)


def _place(where: str) -> str:
    return f" *{where}.*" if where else ""


def _remedy(cause: Cause) -> str:
    return cause.remedy + _place(cause.where)


def _logins(method: str) -> str:
    """Causes of a refused login that are met with one method, or, without one, with either."""
    return _table(
        ("Detail", "cause", "remedy"),
        (
            (_code([*cause.audit, *cause.answers]) or "-", cause.cause, _remedy(cause))
            for cause in explanation_of("LoginRefused").causes
            if cause.method == method
        ),
    )


def _errors() -> str:
    return "\n".join(
        _error(name) for name in ERRORS if explanation_of(name).causes and name != "LoginRefused"
    )


def _error(name: str) -> str:
    words = explanation_of(name)
    told = any(cause.says for cause in words.causes)
    heads = ("the message says", "cause", "remedy") if told else ("cause", "remedy")
    rows = (
        (*([_code(cause.says, "<br>")] if told else []), cause.cause, _remedy(cause))
        for cause in words.causes
    )
    return f"### {words.what}\n\n`{name}`. {words.remedy}\n\n{_table(heads, rows)}"


def _oddities() -> str:
    of_errors = {cause for name in ERRORS for cause in explanation_of(name).causes}
    return _table(
        ("cause", "remedy"),
        ((cause.cause, _remedy(cause)) for cause in CAUSES if cause not in of_errors),
    )


def _permissions(belongs: Callable[[Permission], bool]) -> str:
    return _table(
        ("permission", "tab", "level", "what it opens"),
        (
            (_named(each), each.tab, each.level, _opens(each))
            for each in permissions()
            if belongs(each)
        ),
    )


def _named(permission: Permission) -> str:
    return " or ".join(f"**{name}**" for name in (permission.name, *permission.either))


def _opens(permission: Permission) -> str:
    _, _, method = permission.needed.partition("always, ")
    when = [method] if method else []
    if permission.feature:
        when.append(f"if the account has {permission.feature}")
    return f"{permission.opens} ({', '.join(when)})" if when else permission.opens


def _missing() -> str:
    return _table(
        ("missing", "permission", "tables and record types"),
        (
            (each.opens, f"{each.path}, {each.level}", _code([*each.tables, *each.records]))
            for each in permissions()
        ),
    )


def _traps() -> str:
    effects = {
        FATAL: "not asked",
        SILENT: "a warning",
        EMPTY: "a note",
        REFUSED: "refused",
        UNNAMED: "no stream",
    }
    return _table(
        ("", "cause", "remedy"),
        (
            (effects[words.effect], *map(_of_any, (words.cause, words.remedy)))
            for words in trap_words()
        ),
    )


def _of_any(words: str) -> str:
    """Words for whatever was found."""
    text = words.replace("{found}", "…").replace("{instead}", "See the next table.")
    return text.replace("|", r"\|")


def _functions() -> str:
    return _table(
        ("function", "instead"),
        ((f"`{name}`", words) for name, words in functions_instead().items()),
    )


PARTS: Mapping[str, Callable[[], str]] = {
    "logins by either": lambda: _logins(""),
    "logins by tba": lambda: _logins("tba"),
    "logins by oauth": lambda: _logins("oauth2"),
    "errors": _errors,
    "oddities": _oddities,
    "traps": _traps,
    "functions": _functions,
    "missing": _missing,
    "permissions to connect": lambda: _permissions(lambda each: each.needed.startswith("always")),
    "permissions of setup": lambda: _permissions(
        lambda each: each.tab == "Setup" and not each.needed.startswith("always")
    ),
    "permissions of lists": lambda: _permissions(lambda each: each.tab == "Lists"),
    "permissions of transactions": lambda: _permissions(lambda each: each.tab == "Transactions"),
}
"""What can stand between marks, by the name in them."""


if __name__ == "__main__":
    for document in DOCUMENTS:
        document.write_text(with_generated(document.read_text(encoding="utf-8")), encoding="utf-8")

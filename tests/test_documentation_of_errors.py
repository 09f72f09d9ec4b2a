"""docs/troubleshooting.md has every error that the package can raise, docs/setup.md the role."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tap_netsuite_tba.credentials import CREDENTIALS_BY_METHOD
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.explanations import Cause, Permission, explanation_of, permissions
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.settings import problems
from tests.generated_documents import CAUSES, DOCS, DOCUMENTS, ERRORS, PACKAGE, with_generated

WORDS = (PACKAGE / "explanations.toml").read_text(encoding="utf-8")
SETUP = (DOCS / "setup.md").read_text(encoding="utf-8")
TROUBLESHOOTING = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")


def says(cause: Cause, message: str) -> bool:
    """Whether a message has the words of a cause, in which `…` stands for anything."""
    return any(
        re.search(".*".join(map(re.escape, words.split("…"))), message) for words in cause.says
    )


def causes_told(name: str, message: str) -> list[str]:
    return [cause.key for cause in explanation_of(name).causes if says(cause, message)]


def written(text: ast.expr) -> str | None:
    """A message as it stands in the code, with `…` for what is not known before it runs."""
    if isinstance(text, ast.JoinedStr):
        return "".join(written(part) or "…" for part in text.values)
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return text.value
    return None


TBA = dict.fromkeys(CREDENTIALS_BY_METHOD["tba"], "1234567")

NETSUITES = {"LoginRefused", "MostRefused", "QueryRefused", "ServerFault"}
"""What is told by words of NetSuite's."""

TOLD_BY_WORDS = {
    name for name in ERRORS if any(cause.says for cause in explanation_of(name).causes)
} - NETSUITES


def code() -> Iterator[ast.AST]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def messages() -> Iterator[tuple[str, str]]:
    """Each error that is made in the package with a message of its own: its class and that."""
    for node in CODE:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            message = written(node.args[0])
            if node.func.id in TOLD_BY_WORDS and message is not None:
                yield node.func.id, message


CODE = list(code())
TEXTS = {
    node.value for node in CODE if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def logged(level: str) -> set[str]:
    """The words of each line of the log of a level, unless others' words are all of it."""
    constants = {
        node.targets[0].id: node.value
        for node in CODE
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    texts = (
        written(constants.get(text.id, text) if isinstance(text, ast.Name) else text)
        for node in CODE
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == level and "logger" in ast.unparse(node.func.value)
        for text in node.args[:1]
    )
    return {text for text in texts if text and text != "%s"}


LOG_LINES = [
    max(words.split("…"), key=len).strip()
    for cell in re.findall(
        r"^\| ([^|]*)",
        TROUBLESHOOTING.partition("\n## What the log says\n")[2].partition("\n## ")[0],
        re.MULTILINE,
    )
    for words in re.findall("`([^`]+)`", cell)
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_the_tables_in_it_are_of_today(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert with_generated(text) == text, "run python -m tests.generated_documents"


def test_words_of_a_refused_login_are_explained_in_one_document() -> None:
    rows = re.compile(r"^\|[^|]*`(invalid_\w+|token_rejected|permission_denied)`", re.MULTILINE)
    explained = [path.name for path in DOCS.glob("*.md") if rows.search(path.read_text("utf-8"))]
    assert explained == ["troubleshooting.md"]


def test_whose_settings_are_in_meltano_is_told_how_to_check() -> None:
    assert "meltano invoke tap-netsuite-tba:check --text" in TROUBLESHOOTING.partition("##")[0]


@pytest.mark.parametrize("message", sorted(logged("error")))
def test_each_error_of_the_log_that_only_points_to_others_is_in_it(message: str) -> None:
    assert any(words in message for words in LOG_LINES)


@pytest.mark.parametrize("words", LOG_LINES)
def test_the_words_of_a_line_of_the_log_are_still_in_the_code(words: str) -> None:
    assert any(words in text for text in {*TEXTS, WORDS})


@pytest.mark.parametrize("document", [*DOCUMENTS, DOCS / "oauth2.md"], ids=lambda path: path.name)
def test_its_links_lead_to_documents_that_are_there(document: Path) -> None:
    links = re.findall(r"\]\(([\w/.-]+\.md)", document.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []


@pytest.mark.parametrize("name", [name for name in ERRORS if explanation_of(name).causes])
def test_each_class_of_errors_that_is_raised_is_in_it(name: str) -> None:
    assert f"`{name}`" in TROUBLESHOOTING
    assert explanation_of(name).what in TROUBLESHOOTING


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.key)
def test_each_cause_is_in_it_with_its_remedy_and_place(cause: Cause) -> None:
    lines = [line for line in TROUBLESHOOTING.splitlines() if f"| {cause.cause} |" in line]
    assert lines
    assert all(cause.remedy in line and cause.where in line for line in lines)


@pytest.mark.parametrize("permission", permissions(), ids=lambda permission: permission.name)
def test_each_permission_is_in_both(permission: Permission) -> None:
    assert f"| {permission.path}, {permission.level} |" in TROUBLESHOOTING
    assert re.search(
        rf"\| [^|]*\*\*{permission.name}\*\*[^|]* \| {permission.tab} \| {permission.level} \|",
        SETUP,
    )


@pytest.mark.parametrize(("name", "message"), sorted(set(messages())))
def test_each_message_in_the_code_is_told_by_the_words_of_a_cause(name: str, message: str) -> None:
    assert causes_told(name, message)


@pytest.mark.parametrize(
    "words",
    [
        words
        for name in sorted(TOLD_BY_WORDS)
        for cause in explanation_of(name).causes
        for words in cause.says
    ],
)
def test_the_words_of_a_cause_are_still_in_the_code(words: str) -> None:
    piece = max(words.split("…"), key=len).strip()
    assert any(piece in text for text in TEXTS)


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({}, "settings_missing"),
        ({"account_id": "1234567"}, "settings_missing"),
        ({"auth_method": "oauth2", "account_id": "1234567"}, "settings_missing"),
        ({"auth_method": "password"}, "setting_malformed"),
        ({"demo": True, "account_id": "1234567"}, "demo_and_credentials"),
        ({"demo": True, "max_sessions": 6}, "setting_malformed"),
        ({"demo": True, "user_agent": 5}, "setting_malformed"),
        ({"demo": True, "user_agent": "a\nb"}, "user_agent_malformed"),
        ({"demo": True, "tables": []}, "tables_empty"),
        ({"demo": True, "metrics_file": "/no/such/folder/metrics.json"}, "metrics_file_unusable"),
        ({"demo": True, "metrics_file": "/"}, "metrics_file_unusable"),
        ({"demo": True, "start_date": "yesterday"}, "start_date_malformed"),
        (TBA | {"account_id": 1234567}, "setting_malformed"),
        (TBA | {"account_id": "no account"}, "account_id_malformed"),
        (TBA | {"base_url": "http://example.com"}, "base_url_malformed"),
    ],
)
def test_each_sentence_on_a_bad_setting_is_told_by_the_words_of_its_cause(
    config: dict[str, object], key: str
) -> None:
    sentences = problems(config)
    assert sentences
    assert all(key in causes_told("ConfigurationError", sentence) for sentence in sentences)


def refusal_of(make: Callable[[], object]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        make()
    return str(caught.value)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Account.parse(" "), "account_id_malformed"),
        (lambda: Account.parse("no account"), "account_id_malformed"),
        (lambda: Account.parse("1234567", "http://example.com"), "base_url_malformed"),
        (lambda: Credentials("k", "s", "t", ""), "credential_malformed"),
        (lambda: Credentials("k", "s ", "t", "s"), "credential_malformed"),
    ],
)
def test_what_only_running_tells_is_told_by_the_words_of_its_cause(
    make: Callable[[], object], key: str
) -> None:
    assert causes_told("ConfigurationError", refusal_of(make)) == [key]

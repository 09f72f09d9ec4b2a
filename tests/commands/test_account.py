"""Where a command has its settings from, and how it ends."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from tap_netsuite_tba.commands.account import errors_as_sentences, open_account
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.tap import TapNetSuite

CREDENTIALS = {
    "account_id": "1234567_SB1",
    "consumer_key": "fake-key",
    "consumer_secret": "fake-secret",
    "token_id": "fake-token",
    "token_secret": "fake-token-secret",
}
VARIABLES = {f"TAP_NETSUITE_TBA_{name.upper()}": value for name, value in CREDENTIALS.items()}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to be in, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    others = {k: v for k, v in os.environ.items() if not k.startswith("TAP_NETSUITE_TBA_")}
    with mock.patch.dict(os.environ, others, clear=True):
        yield tmp_path


def settings_of(*files: str) -> Settings:
    with open_account(files, demo=False) as account:
        return account.settings


def written(name: str, content: object) -> str:
    Path(name).write_text(content if isinstance(content, str) else json.dumps(content))
    return name


def test_files_are_merged_and_the_last_one_wins() -> None:
    first = written("first.json", {**CREDENTIALS, "max_sessions": 2, "tables": ["item"]})
    second = written("second.json", {"max_sessions": 4})
    settings = settings_of(first, second)
    assert settings.max_sessions == 4
    assert settings.tables == ("item",)


def test_without_a_file_the_settings_are_in_the_environment() -> None:
    os.environ.update(VARIABLES | {"TAP_NETSUITE_TBA_TABLES": '["item", "transaction*"]'})
    settings = settings_of()
    assert settings.consumer_secret == "fake-secret"
    assert settings.tables == ("item", "transaction*")


def test_a_variable_that_is_no_setting_keeps_nobody_from_the_file() -> None:
    written(".env", "".join(f"{name}={value}\n" for name, value in VARIABLES.items()))
    os.environ["TAP_NETSUITE_TBA_LOGLEVEL"] = "DEBUG"
    assert settings_of().token_id == "fake-token"


def test_the_environment_is_added_to_files_only_if_it_is_asked_for() -> None:
    os.environ["TAP_NETSUITE_TBA_MAX_SESSIONS"] = "3"
    file = written("config.json", {**CREDENTIALS, "max_sessions": 2})
    assert settings_of(file).max_sessions == 2
    assert settings_of("ENV", file).max_sessions == 3


def test_a_file_with_variables_is_read_where_none_are_set() -> None:
    written(".env", "".join(f"{name}={value}\n" for name, value in VARIABLES.items()))
    assert settings_of().token_id == "fake-token"


def test_variables_that_are_set_are_not_mixed_with_those_of_a_file() -> None:
    written(".env", "TAP_NETSUITE_TBA_DEMO=true\n")
    os.environ.update(VARIABLES)
    assert settings_of().demo is False


@pytest.mark.parametrize(
    ("content", "says"),
    [("{", "no JSON"), ("[]", "no JSON object"), ('{"demo": "fake-secret"}', "demo")],
)
def test_a_file_that_is_no_configuration_is_told_without_its_values(
    content: str, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as raised:
        settings_of(written("config.json", content))
    assert "fake-secret" not in str(raised.value)


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.json"):
        settings_of("nowhere.json")


def test_a_variable_that_is_no_number_is_told() -> None:
    os.environ.update(VARIABLES | {"TAP_NETSUITE_TBA_MAX_SESSIONS": "many"})
    with pytest.raises(ConfigurationError, match=r"^TAP_NETSUITE_TBA_MAX_SESSIONS .*'many'"):
        settings_of()


@pytest.mark.parametrize("name", ["QUERIES", "COLUMN_TYPES"])
def test_a_variable_that_is_no_json_is_told_to_commands_and_to_the_tap(name: str) -> None:
    variable = f"TAP_NETSUITE_TBA_{name}"
    os.environ.update(VARIABLES | {variable: '[{"name": "x"'})
    with pytest.raises(ConfigurationError, match=f"^{variable} in the environment cannot be read"):
        settings_of()
    with pytest.raises(ConfigurationError, match=f"^{variable} in the environment cannot be read"):
        TapNetSuite(parse_env_config=True)


def test_who_has_no_settings_is_told_how_to_give_them() -> None:
    with pytest.raises(ConfigurationError, match=r"--config FILE.*\.env.*--demo"):
        settings_of()


def test_an_error_is_a_sentence_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, errors_as_sentences():
        raise ConfigurationError("The account is not there.")
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "Error: The account is not there.\n")


def test_a_result_that_cannot_be_written_is_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, errors_as_sentences():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert ended.value.code == 1
    assert "cannot be written: No space left on device." in capsys.readouterr().err


def test_a_reader_that_went_away_is_left_to_click() -> None:
    with pytest.raises(BrokenPipeError), errors_as_sentences():
        raise BrokenPipeError


def test_who_interrupts_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, errors_as_sentences():
        raise KeyboardInterrupt
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")

"""Each setting that cannot be used is said in a sentence, and no secret is in it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers.capabilities import (
    BATCH_CONFIG,
    EMIT_ACTIVATE_VERSION_CONFIG,
    SQL_TAP_USE_SINGER_DECIMAL,
)

from tap_netsuite_tba.credentials import CREDENTIALS, CREDENTIALS_BY_METHOD
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.settings import (
    NOT_CARRIED,
    SETTINGS,
    Settings,
    problems,
    read_settings,
    stranger,
)
from tap_netsuite_tba.tables import ColumnType
from tap_netsuite_tba.tap import TapNetSuite
from tap_netsuite_tba.type_names import COLUMN_TYPES

SECRETS = {
    "consumer_key": "FAKE-consumer-key",
    "consumer_secret": "FAKE-consumer-secret",
    "token_id": "FAKE-token-id",
    "token_secret": "FAKE-token-secret",
}
GOOD = {"account_id": "1234567_SB1", **SECRETS}
SECRETS_BY_CERTIFICATE = {
    "client_id": "FAKE-client-id",
    "private_key": "-----BEGIN PRIVATE KEY-----FAKE-----END PRIVATE KEY-----",
}
GOOD_BY_CERTIFICATE = {
    "auth_method": "oauth2",
    "account_id": "1234567_SB1",
    "certificate_id": "fake-certificate-id",
    **SECRETS_BY_CERTIFICATE,
}


def test_credentials_are_enough() -> None:
    assert problems(GOOD) == []
    settings = read_settings(GOOD)
    assert settings == Settings(**GOOD)  # type: ignore[arg-type]
    assert (settings.tables, settings.max_sessions, settings.lookback_seconds) == (("*",), 5, 3600)


def test_the_demo_needs_nothing_else() -> None:
    assert problems({"demo": True}) == []
    assert read_settings({"demo": True}).demo


def test_defaults_are_those_that_are_described() -> None:
    described = {
        name: setting["default"]
        for name, setting in SETTINGS["properties"].items()
        if "default" in setting
    }
    for name, default in described.items():
        used = getattr(Settings(), name)
        assert (list(used) if isinstance(used, tuple) else used) == default


def test_every_setting_is_described() -> None:
    assert set(SETTINGS["properties"]) == set(Settings.__dataclass_fields__)
    for setting in SETTINGS["properties"].values():
        assert setting["title"]
        assert setting["description"]


def test_secrets_are_marked() -> None:
    marked = {name for name, described in SETTINGS["properties"].items() if described.get("secret")}
    assert marked == {*SECRETS, *SECRETS_BY_CERTIFICATE}


@pytest.mark.parametrize(
    ("setting", "value", "example"),
    [
        ("account_id", 1234567, "'1234567'"),
        ("auth_method", "basic", "'tba'"),
        ("demo", "yes", "False"),
        ("base_url", 5, "'https://netsuite-proxy.example.com'"),
        ("start_date", 2024, "'2024-01-01T00:00:00Z'"),
        ("tables", "transaction", "['transaction*', 'customer']"),
        ("tables", [5], "['transaction*', 'customer']"),
        ("column_types", ["transaction.x"], "{'transaction.custbody_code': 'string'}"),
        ("column_types", {"transaction.x": "varchar"}, "{'transaction.custbody_code': 'string'}"),
        ("include_labels", "transaction.entity", "['transaction.entity', '*.status']"),
        ("include_labels", ["entity"], "['transaction.entity', '*.status']"),
        ("include_labels", ["a.b.c"], "['transaction.entity', '*.status']"),
        ("max_sessions", 0, "5"),
        ("max_sessions", 6, "5"),
        ("max_sessions", 2.5, "5"),
        ("max_sessions", "5", "5"),
        ("max_sessions", True, "5"),
        ("lookback_seconds", -1, "3600"),
        ("retry_timeout_seconds", -1, "900"),
        ("discovery_cache_seconds", -1, "86400"),
        ("discovery_cache_seconds", 10**8, "86400"),
        ("retry_timeout_seconds", "900", "900"),
        ("user_agent", ["x"], "'acme-warehouse/1.0'"),
        ("metrics_file", ["x"], "'output/metrics.json'"),
    ],
)
def test_a_bad_value_gets_one_sentence_with_the_setting_and_an_example(
    setting: str, value: object, example: str
) -> None:
    [sentence] = problems(GOOD | {setting: value})
    assert sentence.startswith(f"{setting}: ")
    assert sentence.endswith(f", for example {example}.")


@pytest.mark.parametrize("setting", ["account_id", "certificate_id"])
def test_who_writes_a_text_as_a_number_is_told_to_put_it_in_quotes(setting: str) -> None:
    [sentence] = problems(GOOD | {setting: 1234567})
    assert sentence.startswith(f"{setting}: has the wrong type; write it in quotes")


@pytest.mark.parametrize(
    "value",
    ["yesterday", "01/31/2024", "2024-02-30", "2024-1-1", "", "2024-01-01T25:00:00Z"],
)
def test_a_start_date_that_is_none_is_refused_with_two_examples(value: str) -> None:
    assert problems(GOOD | {"start_date": value}) == [
        "start_date is no date: write it as 2024-01-01 or 2024-01-01T00:00:00Z."
    ]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00.000000Z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01 12:30:00+02:00", datetime(2024, 1, 1, 10, 30, tzinfo=UTC)),
        ("2023-12-31T20:00:00-04:00", datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_start_date_is_an_instant_in_utc(text: str, instant: datetime) -> None:
    found = read_settings(GOOD | {"start_date": text}).start_date
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize("setting", ["start_date", "tables", "max_sessions", "lookback_seconds"])
def test_a_setting_that_is_null_counts_as_left_out(setting: str) -> None:
    assert read_settings(GOOD | {setting: None}) == read_settings(GOOD)


def test_a_start_date_before_all_dates_is_refused() -> None:
    [sentence] = problems(GOOD | {"start_date": "0001-01-01T00:00:00+14:00"})
    assert sentence.startswith("start_date")


def test_an_empty_list_of_tables_is_refused() -> None:
    [sentence] = problems(GOOD | {"tables": []})
    assert sentence.startswith("tables: ")


def test_a_metrics_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "later" / "metrics.json"
    assert problems(GOOD | {"metrics_file": str(file)}) == [
        f"metrics_file: there is no folder {file.parent}; make it, or name a file in another."
    ]
    file.parent.mkdir()
    assert read_settings(GOOD | {"metrics_file": str(file)}).metrics_file == file


@pytest.mark.parametrize("file", ["/dev/null", "."])
def test_what_is_no_file_is_not_replaced_by_metrics(file: str) -> None:
    [sentence] = problems(GOOD | {"metrics_file": file})
    assert sentence.startswith(f"metrics_file: {file} is no file")


def test_metrics_go_to_no_file_by_default() -> None:
    assert read_settings(GOOD | {"metrics_file": ""}).metrics_file is None
    assert read_settings(GOOD).metrics_file is None


def test_a_number_of_sessions_with_a_decimal_point_is_a_whole_number() -> None:
    assert isinstance(read_settings(GOOD | {"max_sessions": 5.0}).max_sessions, int)


@pytest.mark.parametrize(
    ("good", "missing"),
    [
        *((GOOD, name) for name in CREDENTIALS_BY_METHOD["tba"]),
        *((GOOD_BY_CERTIFICATE, name) for name in CREDENTIALS_BY_METHOD["oauth2"]),
    ],
)
def test_a_missing_credential_is_named(good: dict[str, str], missing: str) -> None:
    config = {name: value for name, value in good.items() if name != missing}
    [sentence] = problems(config)
    assert sentence.startswith(f"{missing} missing: ")
    assert "set demo to true" in sentence


def test_a_certificate_is_enough_too() -> None:
    assert problems(GOOD_BY_CERTIFICATE) == []
    settings = read_settings(GOOD_BY_CERTIFICATE)
    assert settings.auth_method == "oauth2"
    assert "FAKE" not in repr(settings)


@pytest.mark.parametrize("method", CREDENTIALS_BY_METHOD)
def test_with_credentials_of_both_kinds_the_method_decides(method: str) -> None:
    assert problems(GOOD_BY_CERTIFICATE | GOOD | {"auth_method": method}) == []


@pytest.mark.parametrize(
    ("config", "method"),
    [
        (GOOD_BY_CERTIFICATE | {"auth_method": "tba"}, "oauth2"),
        (GOOD | {"auth_method": "oauth2"}, "tba"),
    ],
)
def test_credentials_of_the_other_kind_are_noticed(config: dict[str, str], method: str) -> None:
    [sentence] = problems(config)
    assert f"set auth_method to {method}, for which all is given" in sentence


def test_an_empty_credential_is_missing() -> None:
    [sentence] = problems(GOOD | {"token_id": ""})
    assert sentence.startswith("token_id missing: ")


def test_without_any_setting_the_demo_is_offered() -> None:
    [sentence] = problems({})
    assert sentence.startswith(f"{', '.join(CREDENTIALS_BY_METHOD['tba'])} missing: ")
    assert "set demo to true to try the tap without an account" in sentence


@pytest.mark.parametrize("given", CREDENTIALS)
def test_the_demo_together_with_a_credential_is_refused(given: str) -> None:
    [sentence] = problems({"demo": True, given: (GOOD | GOOD_BY_CERTIFICATE)[given]})
    assert sentence.startswith(f"demo is true and {given} given: ")


@pytest.mark.parametrize("secret", [*SECRETS, *SECRETS_BY_CERTIFICATE])
@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"value": v}, lambda v: {v: v}])
def test_what_a_secret_is_instead_of_a_text_is_not_shown(secret: str, wrap: Any) -> None:  # noqa: ANN401 - any wrapper
    [sentence] = problems(GOOD | {secret: wrap("FAKE-secret")})
    assert sentence == f"{secret}: has the wrong type."


@pytest.mark.parametrize(
    "config",
    [
        GOOD | {"demo": True},
        GOOD | {"account_id": ""},
        GOOD | {"max_sessions": 9, "consumer_key": ["FAKE-consumer-key"]},
        GOOD | {"start_date": "x", "tables": "x"},
    ],
)
def test_no_secret_is_in_any_message(config: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings(config)
    with pytest.raises(ConfigValidationError) as of_tap:
        TapNetSuite(config=config)
    for secret in SECRETS.values():
        assert secret not in f"{caught.value!r} {caught.value} {of_tap.value} {of_tap.value.errors}"


def test_all_bad_settings_are_said_at_once() -> None:
    found = problems(GOOD | {"max_sessions": 9, "lookback_seconds": -1, "demo": 5})
    assert {sentence.split(":")[0] for sentence in found} == {
        "max_sessions",
        "lookback_seconds",
        "demo",
    }
    with pytest.raises(ConfigurationError, match=r"max_sessions: .*\. .*lookback_seconds|lookback"):
        read_settings(GOOD | {"max_sessions": 9, "lookback_seconds": -1})


def test_one_bad_setting_does_not_hide_another() -> None:
    bad = {"max_sessions": 9, "account_id": "no account", "tables": [], "start_date": "yesterday"}
    found = problems(GOOD | bad)
    assert {re.split(r":| ", sentence)[0] for sentence in found} == set(bad)


def test_a_bad_setting_does_not_hide_that_another_is_missing() -> None:
    bad = {"max_sessions": 9, "token_id": None, "base_url": "http://example.com"}
    found = problems(GOOD | bad)
    assert {re.split(r":| ", sentence)[0] for sentence in found} == set(bad)


@pytest.mark.parametrize("setting", ["demo", "auth_method"])
def test_which_credentials_are_missing_is_not_told_while_it_is_not_known(setting: str) -> None:
    [sentence] = problems({setting: "yes"})
    assert sentence.startswith(f"{setting}: ")


def test_the_example_of_variables_sets_what_a_connection_needs_and_nothing_else() -> None:
    lines = (Path(__file__).parents[1] / ".env.example").read_text(encoding="utf-8").splitlines()
    given = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert given == {f"TAP_NETSUITE_TBA_{name.upper()}" for name in CREDENTIALS_BY_METHOD["tba"]}


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(read_settings(GOOD))
    assert "1234567_SB1" in shown
    assert "FAKE" not in shown


def test_column_types_are_understood_in_any_case() -> None:
    given = {"Transaction.CustBody_Code": "string", "item.custitem_width": "number"}
    assert read_settings(GOOD | {"column_types": given}).column_types == {
        "transaction.custbody_code": ColumnType.TEXT,
        "item.custitem_width": ColumnType.DECIMAL,
    }


def test_labels_are_named_in_any_case() -> None:
    given = ["Transaction.Entity", "*.status"]
    labels = read_settings(GOOD | {"include_labels": given}).include_labels
    assert labels == ("transaction.entity", "*.status")
    assert read_settings(GOOD).include_labels == ()


@pytest.mark.parametrize("name", COLUMN_TYPES)
def test_every_type_can_be_set(name: str) -> None:
    settings = read_settings(GOOD | {"column_types": {"item.x": name}})
    assert settings.column_types == {"item.x": COLUMN_TYPES[name]}


def test_every_type_has_one_name() -> None:
    assert sorted(COLUMN_TYPES.values()) == sorted(ColumnType)


def about(form: str) -> str:
    result = CliRunner().invoke(TapNetSuite.cli, ["--about", f"--format={form}"])
    assert result.exit_code == 0
    return result.stdout


def test_the_sdks_about_shows_titles_and_defaults() -> None:
    shown = json.loads(about("json"))["settings"]["properties"]
    for name, described in SETTINGS["properties"].items():
        assert shown[name]["title"] == described["title"]
        assert shown[name]["description"] == described["description"]
        assert shown[name].get("default") == described.get("default")


def test_the_sdks_about_has_a_line_for_every_setting() -> None:
    lines = about("markdown").splitlines()
    for name, described in SETTINGS["properties"].items():
        [line] = [line for line in lines if line.startswith(f"| {name} ")]
        assert f"| {described.get('default')} |" in line
        assert described["description"] in line


def test_a_setting_of_the_sdks_that_the_tap_has_not_is_answered_with_what_it_does() -> None:
    of_sdk = {
        name
        for config in (BATCH_CONFIG, EMIT_ACTIVATE_VERSION_CONFIG, SQL_TAP_USE_SINGER_DECIMAL)
        for name in config["properties"]
    }
    assert of_sdk - SETTINGS["properties"].keys() == NOT_CARRIED.keys()
    for name in NOT_CARRIED:
        assert stranger(name, SETTINGS["properties"]).startswith(f"{name} is ignored: ")


def test_a_setting_that_nobody_knows_is_answered_with_the_one_that_is_near() -> None:
    known = SETTINGS["properties"]
    assert stranger("start_dat", known).endswith("it is ignored; did you mean start_date?")
    assert stranger("xyz", known) == "There is no setting xyz, it is ignored."

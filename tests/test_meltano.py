"""meltano.yml says what the tap says of itself, and needs nothing that it does not define."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from singer_sdk.helpers.capabilities import BATCH_CONFIG, FLATTENING_CONFIG, STREAM_MAPS_CONFIG

from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tap import TapNetSuite

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text())
PLUGINS: dict[str, dict[str, Any]] = {
    plugin["name"]: plugin for kind in PROJECT["plugins"].values() for plugin in kind
}
EXTRACTOR = PLUGINS["tap-netsuite-tba"]
BUILT_IN = {
    name
    for config in (BATCH_CONFIG, FLATTENING_CONFIG, STREAM_MAPS_CONFIG)
    for name in config["properties"]
}
OWN_SETTINGS: dict[str, dict[str, Any]] = {
    name: schema
    for name, schema in TapNetSuite.config_jsonschema["properties"].items()
    if name not in BUILT_IN
}


def kind_in_meltano(schema: dict[str, Any]) -> str:
    """Meltano's word for the type of a setting."""
    if schema.get("format") == "date-time":
        return "date_iso8601"
    (kind,) = {schema["type"]} if isinstance(schema["type"], str) else {*schema["type"]} - {"null"}
    return str(kind)


def as_meltano_setting(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """What meltano.yml must say of a setting of the tap."""
    setting: dict[str, Any] = {
        "name": name,
        "kind": kind_in_meltano(schema),
        "label": schema["title"],
        "description": schema["description"],
    }
    if schema.get("secret"):
        setting["sensitive"] = True
    if "default" in schema:
        setting["value"] = schema["default"]
    return setting


def test_the_settings_are_the_taps_settings() -> None:
    expected = [as_meltano_setting(name, schema) for name, schema in OWN_SETTINGS.items()]
    assert EXTRACTOR["settings"] == expected


def test_the_capabilities_are_the_taps_capabilities() -> None:
    assert sorted(EXTRACTOR["capabilities"]) == sorted(
        capability.value for capability in TapNetSuite.capabilities
    )


def test_the_finance_tables_are_selected_with_all_columns() -> None:
    core = {f"{table.name}.*" for table in shipped_tables().values() if table.group == "core"}
    documents = {
        "record_*.*",
        "unreadable_*.*",
    }  # of which there are none unless they are asked for
    assert set(EXTRACTOR["select"]) - documents <= core
    assert documents < set(EXTRACTOR["select"])
    assert {"transaction.*", "transactionline.*", "account.*"} <= set(EXTRACTOR["select"])


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_needs_no_hub(name: str) -> None:
    assert {"namespace", "pip_url", "executable", "settings"} <= PLUGINS[name].keys()


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_is_installed_in_versions_that_are_written_down(name: str) -> None:
    requirements, _, constraints = PLUGINS[name]["pip_url"].partition(" -c ")
    if constraints:
        assert constraints == "constraints.txt"
    else:
        packages = [word for word in requirements.split() if not word.startswith("--")]
        assert all("==" in package for package in packages)


def test_constraints_cover_the_loader_that_meltano_installs_with_them() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (loader,) = pyproject["dependency-groups"]["loaders"]
    assert PLUGINS["target-postgres"]["pip_url"] == f"{loader} -c constraints.txt"


def test_a_job_names_plugins_that_exist() -> None:
    names = {name for job in PROJECT["jobs"] for task in job["tasks"] for name in task.split()}
    assert names <= PLUGINS.keys()


def test_nothing_is_reported_to_anyone() -> None:
    assert PROJECT["send_anonymous_usage_stats"] is False
    assert PROJECT["cli"]["disable_version_check"] is True

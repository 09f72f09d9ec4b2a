"""The client and the reader against recorded exchanges, replayed without network."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.query import Query
from tests.cassettes.recording import (
    CASSETTES,
    Cassette,
    Login,
    Scene,
    Source,
    record,
    replay,
    source,
)
from tests.cassettes.scenes import ONE_ROW, SCENES
from tests.cassettes.scrubbing import ACCOUNT_ID, AUTHORIZATION, BASE_URL, masked

each_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)


@pytest.fixture(scope="module")
def asked_source() -> Iterator[Source | None]:
    """Where to record before replaying: nowhere, unless the environment asks for it."""
    kind = os.environ.get("NETSUITE_RECORD")
    found, problem = None, ""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(source(kind)) if kind else None
        except (ValueError, ConfigurationError) as error:
            problem = str(error)
        if problem:
            pytest.fail(problem, pytrace=False)  # a traceback would show the credentials
        yield found


@each_scene
def test_the_cassette_replays_without_network(scene: Scene, asked_source: Source | None) -> None:
    if asked_source and asked_source.can_play(scene):
        record(scene, asked_source, cassette_of(scene))
    replay(scene, cassette_of(scene))


@each_scene
def test_the_cassette_holds_nothing_private(scene: Scene) -> None:
    text = cassette_of(scene).read_text(encoding="utf-8")
    assert not re.search(r"!!binary|oauth_|cookie|127\.0\.0\.1|localhost", text, re.IGNORECASE)
    assert set(re.findall(r"https?://[^/\s]+(?=/services/)", text)) == {BASE_URL}
    assert set(re.findall(r"[\w.-]+\.netsuite\.com", text)) == {BASE_URL.removeprefix("https://")}
    assert set(re.findall(r'realm="([^"]*)', text)) <= {ACCOUNT_ID}
    interactions = yaml.safe_load(text)["interactions"]
    assert interactions
    for interaction in interactions:
        assert interaction["request"]["headers"]["authorization"] == [AUTHORIZATION]
        for row in rows_in_body(interaction):
            assert all(masked(column, value) == value for column, value in row.items())


def cassette_of(scene: Scene) -> Path:
    return CASSETTES / f"{scene.name}.yaml"


def rows_in_body(interaction: Mapping[str, Any]) -> list[dict[str, str]]:
    body = msgspec.json.decode(interaction["response"]["body"]["string"])
    return [
        {column: value for column, value in row.items() if column != "links"}
        for row in body.get("items", [])
    ]


def test_each_cassette_has_its_scene() -> None:
    found = {path.stem for path in CASSETTES.glob("*.yaml")}
    assert found == {scene.name for scene in SCENES}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Source]:
    with source("simulator") as recorded:
        yield recorded


@each_scene
def test_what_the_simulator_answers_can_be_recorded_and_replayed(
    scene: Scene, simulator: Source, tmp_path: Path
) -> None:
    path = tmp_path / "recorded.yaml"
    record(scene, simulator, path)
    replay(scene, path)
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_an_account_to_record_on_is_read_from_the_environment(
    simulator: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, credentials = simulator.login.account, simulator.login.credentials
    monkeypatch.setenv("NETSUITE_ACCOUNT_ID", "7654321-sb2")
    monkeypatch.setenv("NETSUITE_BASE_URL", account.base_url)
    for name, value in asdict(credentials).items():
        monkeypatch.setenv(f"NETSUITE_{name.upper()}", value)
    with source("account") as found:
        for scene in filter(found.can_play, SCENES):
            record(scene, found, tmp_path / scene.name)
    recorded = {path.name for path in tmp_path.iterdir()}
    assert recorded == {scene.name for scene in SCENES if scene.fault is None}
    for scene in SCENES:
        if scene.name in recorded:
            replay(scene, tmp_path / scene.name)


def test_a_variable_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETSUITE_ACCOUNT_ID", "7654321_SB2")
    monkeypatch.setenv("NETSUITE_TOKEN_SECRET", "fake")
    monkeypatch.delenv("NETSUITE_TOKEN_ID", raising=False)
    with pytest.raises(ValueError, match="NETSUITE_TOKEN_ID as well"), source("account"):
        pass


def test_a_recording_that_fails_leaves_the_cassette_alone(
    simulator: Source, tmp_path: Path
) -> None:
    def a_scene_that_fails(login: Login, _: Cassette) -> None:
        with login.client() as client:
            client.fetch(ONE_ROW)
        raise AssertionError("the account answers otherwise")

    path = tmp_path / "recorded.yaml"
    path.write_text("as before")
    with pytest.raises(AssertionError, match="otherwise"):
        record(Scene(a_scene_that_fails), simulator, path)
    assert [found.read_text() for found in tmp_path.iterdir()] == ["as before"]


@pytest.mark.parametrize(
    ("private", "what"),
    [("7654321-sb2", "the account id"), ("demo-token-id-not-a-secret", "a secret")],
)
def test_a_recording_that_tells_whose_it_is_is_not_kept(
    simulator: Source, tmp_path: Path, private: str, what: str
) -> None:
    def a_scene_with_something_private(login: Login, _: Cassette) -> None:
        with login.client() as client:
            client.fetch(Query(f"{ONE_ROW.text}, '{private}'", limit=1))

    with pytest.raises(AssertionError, match=what):
        record(Scene(a_scene_with_something_private), simulator, tmp_path / "recorded.yaml")
    assert not list(tmp_path.iterdir())


def test_a_request_that_was_not_recorded_is_not_sent(simulator: Source, tmp_path: Path) -> None:
    def one_row(login: Login, _: Cassette) -> None:
        with login.client() as client:
            client.fetch(ONE_ROW)

    def two_rows(login: Login, _: Cassette) -> None:
        with login.client() as client:
            client.fetch(replace(ONE_ROW, limit=2))

    path = tmp_path / "recorded.yaml"
    record(Scene(one_row), simulator, path)
    with pytest.raises(CannotOverwriteExistingCassetteException, match="limit=2"):
        replay(Scene(two_rows), path)

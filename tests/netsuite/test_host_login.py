"""Programs of a host take turns to log in, and know what the others met."""

import itertools
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused, QueryRefused, ServerFault
from tap_netsuite_tba.netsuite.file_locks import LockFile
from tap_netsuite_tba.netsuite.host_login import PROVEN_SECONDS, HostLogin
from tap_netsuite_tba.netsuite.login import LoginGate
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.netsuite.refusals import RefusedLogins
from tests.netsuite.conftest import Connect, Time
from tests.netsuite.gates import CODE, REFUSED, refuse, refuse_after, succeed
from tests.netsuite.server import LOGIN_REFUSED, Answer, Server, page

QUERY = Query("SELECT t.id FROM customer t", table="customer")
MARK = "a-mark"
OPEN = threading.Event()
"""Never set: nobody closes the client."""

Run = Callable[..., HostLogin]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Makes the first login of a run; all runs share what is remembered."""

    def run(
        seconds: float = 1000,
        longest_wait: float = 30,
        monotonic: Callable[[], float] = monotonic,
    ) -> HostLogin:
        refused = RefusedLogins(tmp_path / "refused.json", now=lambda: seconds)
        return HostLogin(refused, MARK, longest_wait=longest_wait, monotonic=monotonic)

    return run


def gate_of(login: HostLogin) -> LoginGate:
    return LoginGate(Allowance(5), first_login=login)


# What is remembered


def test_the_next_run_does_not_try_what_was_refused(run: Run) -> None:
    gate = gate_of(run(1000))
    refuse(gate)
    refuse(gate)
    words = r"at 00:16 UTC.*before 00:46 UTC.*netsuite-tba check"
    with pytest.raises(LoginRefused, match=words):
        succeed(gate_of(run(2000)))
    succeed(gate_of(run(2801)))


def test_nor_what_was_refused_once_in_a_run_that_was_ended(run: Run) -> None:
    refuse(gate_of(run(1000)))
    with pytest.raises(LoginRefused, match="at 00:16 UTC"):
        succeed(gate_of(run(1001)))


def test_a_single_page_of_a_gateway_does_not_keep_the_next_run_out(run: Run) -> None:
    gate = gate_of(run(1000))
    for refusals in (1, 2):
        with pytest.raises(LoginRefused), gate.attempt():
            raise LoginRefused("a page", status=401)
        assert bool(run(1001).refusal()) == (refusals == 2)


def test_a_run_tries_twice_and_takes_the_refusal_back_if_it_is_let_in(run: Run) -> None:
    gate = gate_of(run())
    refuse(gate)
    succeed(gate)
    succeed(gate_of(run()))


def test_it_does_not_try_again_once_another_run_was_refused_meanwhile(run: Run) -> None:
    gate = gate_of(run(1001))
    refuse(gate)
    run(1000).refused(LoginRefused(code=CODE), is_final=True)
    with pytest.raises(LoginRefused, match="these very credentials"):
        succeed(gate)
    assert gate.shut


def test_what_this_run_was_told_is_said_by_it_in_the_same_words_again(run: Run) -> None:
    gate = gate_of(run())
    refuse(gate)
    refuse(gate)
    with pytest.raises(LoginRefused) as raised:
        succeed(gate)
    assert raised.value.code == CODE


@pytest.mark.parametrize("trouble", [None, QueryRefused("No.", code="INVALID_PARAMETER")])
def test_whoever_was_let_in_remembers_only_a_refusal_that_ends_its_run(
    run: Run, trouble: Exception | None
) -> None:
    login = run()
    gate = gate_of(login)
    assert not login.is_over.is_set()
    with suppress(QueryRefused), gate.attempt():
        if trouble:
            raise trouble
    assert login.is_over.is_set()
    refuse(gate)
    assert run().refusal() is None
    refuse(gate)  # A token that was revoked meanwhile: the next run is let in no more either.
    assert run().refusal() is not None


def test_a_refusal_that_took_very_long_is_not_remembered(run: Run, time: Time) -> None:
    gate = LoginGate(Allowance(5), first_login=run(), monotonic=time.monotonic)
    for _ in range(4):
        with pytest.raises(REFUSED):
            refuse_after(gate, time, 60)
    assert gate.shut
    assert run().refusal() is None


# Turns


def test_another_run_waits_for_its_turn_until_the_login_was_refused(
    server: Server, connect: Connect, run: Run
) -> None:
    release = threading.Event()
    server.script([Answer(401, LOGIN_REFUSED.body, after=release)], then=LOGIN_REFUSED)
    clients = [connect(first_login=run()) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for client in clients]
        server.expect(requests=1)
        release.set()
    assert all(isinstance(future.exception(), LoginRefused) for future in fetched)
    assert len(server.asked) == 2
    assert server.peak == 1


def test_who_was_let_in_at_once_lets_the_others_go_on_together(
    server: Server, connect: Connect, run: Run
) -> None:
    first, release = threading.Event(), threading.Event()
    server.script(
        [Answer(body=page().body, after=first)], then=Answer(body=page().body, after=release)
    )
    clients = [connect(first_login=run()) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for client in clients]
        server.expect(requests=1)
        assert server.in_flight == 1
        first.set()
        server.expect(requests=5)
        release.set()
    assert all(future.exception() is None for future in fetched)


def take(login: HostLogin) -> None:
    with login.turn(OPEN):
        pass


def is_free(login: HostLogin) -> bool:
    """Whether one has not to wait."""
    impatient = threading.Event()
    impatient.set()
    try:
        with login.turn(impatient):
            return True
    except ClientClosed:
        return False


def test_after_a_minute_turns_are_taken_again(run: Run) -> None:
    login = run(1000)
    with login.turn(OPEN):
        succeed(gate_of(login))
    with run(1000 + PROVEN_SECONDS - 1).turn(OPEN):
        assert is_free(run(1000 + PROVEN_SECONDS - 1))
    with run(1000 + PROVEN_SECONDS).turn(OPEN):
        assert not is_free(run(1000 + PROVEN_SECONDS))


def test_a_login_that_was_refused_first_proves_nothing_to_others(run: Run) -> None:
    """Each of them has NetSuite's time to learn, and five at once would lock the user out."""
    login = run()
    with login.turn(OPEN):
        gate = gate_of(login)
        refuse(gate)
        succeed(gate)
    with run().turn(OPEN):
        assert not is_free(run())


def test_requests_of_one_run_take_turns_too_until_one_was_let_in(run: Run) -> None:
    login = run()
    with login.turn(OPEN):
        assert not is_free(login)
        succeed(gate_of(login))
        assert is_free(login)


def test_a_turn_ends_with_trouble(run: Run) -> None:
    with pytest.raises(ServerFault), run().turn(OPEN):
        raise ServerFault
    assert is_free(run())


def test_other_credentials_are_tried_meanwhile(run: Run, tmp_path: Path) -> None:
    other = HostLogin(RefusedLogins(tmp_path / "refused.json"), "another", longest_wait=30)
    with run().turn(OPEN):
        assert is_free(other)


def test_who_waits_is_told_that_the_client_was_closed(
    server: Server, connect: Connect, run: Run
) -> None:
    client = connect(first_login=run())
    with run().turn(OPEN), ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(client.fetch, QUERY)
        client.close()
        assert isinstance(waiting.exception(timeout=30), ClientClosed)
    assert not server.asked


def test_nobody_waits_for_ever_and_it_is_said(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with run().turn(OPEN):
        take(run(longest_wait=0))
    assert "not waited any longer" in caplog.text


def test_a_wait_that_gets_long_is_said_once(
    run: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("tap_netsuite_tba.netsuite.host_login.SAID_AFTER", 0)
    looks = itertools.count()
    with run().turn(OPEN):
        take(run(longest_wait=3, monotonic=looks.__next__))
    assert next(looks) > 2
    [said, _] = caplog.messages
    assert "another request" in said


def test_where_files_cannot_be_locked_there_are_no_turns(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: LockFile) -> bool:
        raise OSError("no locks available")

    monkeypatch.setattr(LockFile, "try_lock", fail)
    with run().turn(OPEN):
        take(run())


KILLED = """
import sys, threading, time
from pathlib import Path
from tap_netsuite_tba.netsuite.host_login import HostLogin
from tap_netsuite_tba.netsuite.refusals import RefusedLogins
login = HostLogin(RefusedLogins(Path(sys.argv[1])), sys.argv[2], longest_wait=30)
with login.turn(threading.Event()):
    print("its turn", flush=True)
    time.sleep(60)
"""


def test_a_run_that_is_killed_leaves_its_turn_to_others(run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "refused.json"), MARK]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"its turn\n"
        assert not is_free(run())
        other.kill()
        other.wait()
    assert is_free(run())

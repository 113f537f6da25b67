"""Browsers are lent to one at a time, come back as they were, and are started anew when they do not."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import psutil
import pytest

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.home import listen
from gamefactory_dagster.settings import variable
from gamefactory_dagster.studio.browser import keeper, lending
from gamefactory_dagster.studio.browser.chromium import Session, opened
from gamefactory_dagster.studio.browser.lending import borrow
from gamefactory_dagster.studio.browser.process import start
from tests.live import gone, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.skipif(sys.platform != "linux", reason="Linux alone")]


class Kept:
    """A keeper at work in a home of its own."""

    def __init__(self, home: Path, chromium: Path, rule: str = "LENT_TIMES = 4") -> None:
        self.home, self.chromium = home, chromium
        words = f"from gamefactory_dagster.studio.browser import keeper; from pathlib import Path; \
keeper.{rule}; keeper.keep(Path({str(home)!r}), Path({str(chromium)!r}), 2)"
        self.process = subprocess.Popen([sys.executable, "-c", words])
        wait_for("the keeper", 30, (home / "running" / "browsers.sock").exists)

    def session(self, seconds: float = 60) -> "ExitStack[None]":
        return opened(self.chromium, seconds, home=self.home)  # type: ignore[return-value]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def browsers(self) -> set[int]:
        return {child.pid for child in psutil.Process(self.process.pid).children()}


@pytest.fixture
def kept(chromium: Path, tmp_path: Path) -> Iterator[Kept]:
    with Kept(tmp_path / "a home whose name is long".ljust(120, "g"), chromium) as found:
        yield found


def its_browser(session: Session) -> int:
    return session._pid


def test_one_browser_serves_one_after_the_other_and_forgets_each(kept: Kept) -> None:
    used = []
    for _ in range(3):
        with kept.session() as session:
            used.append(its_browser(session))
            session.page.goto("data:text/html,<title>x</title>")
            contexts = session.page._devtools.call("Target.getBrowserContexts")["browserContextIds"]
            assert len(contexts) == 1
    assert len(set(used)) == 1
    assert kept.browsers() == set(used)


def test_a_browser_that_was_lent_often_makes_room_for_a_new_one(kept: Kept) -> None:
    used = []
    for _ in range(5):
        with kept.session() as session:
            used.append(its_browser(session))
    assert used[0] == used[3] != used[4]
    assert gone(used[0])


def test_a_browser_that_has_grown_makes_room_for_a_new_one(chromium: Path, tmp_path: Path) -> None:
    with Kept(tmp_path, chromium, "MEMORY_BYTES = 1") as kept:
        with kept.session() as session:
            used = its_browser(session)
        with kept.session() as session:
            assert its_browser(session) != used


def test_a_browser_is_wanted_that_was_lent_for_long(chromium: Path, tmp_path: Path) -> None:
    with Kept(tmp_path, chromium, "IDLE_SECONDS = 2.0") as kept:
        with kept.session() as session:
            used = its_browser(session)
            time.sleep(3)
        with kept.session() as session:
            assert its_browser(session) == used


def test_who_leaves_as_a_browser_is_lent_leaves_it_to_be_ended(chromium: Path, tmp_path: Path) -> None:
    here, there = socket.socketpair()
    woken, wakes = socket.socketpair()
    with listen(tmp_path, lending.NAME) as listener, woken, wakes:
        lender = keeper.Keeper(listener, woken, lambda: start(chromium), 1)
        lender._events.register(here, selectors.EVENT_READ)
        there.close()
        lender._lend(here)
        [pid] = [lent.browser.pid for lent in lender._lent.values()]
        lender._hear(here)
        assert (lender._lent, lender._free) == ({}, [])
        assert gone(pid)


def test_of_two_keepers_in_a_home_the_second_follows_the_first(kept: Kept) -> None:
    with Kept(kept.home, kept.chromium) as follower:
        with kept.session() as session:
            assert its_browser(session) in kept.browsers()
        kept.kill()

        def followed() -> bool:
            with follower.session() as session:
                return its_browser(session) in follower.browsers()

        wait_for("a browser of the second", 30, followed)


def test_each_has_one_for_itself_and_who_comes_third_waits(kept: Kept) -> None:
    order = []

    def third() -> None:
        with kept.session() as session:
            order.append(its_browser(session))

    with kept.session() as first:
        with kept.session() as second:
            assert its_browser(first) != its_browser(second)
            waiting = threading.Thread(target=third)
            waiting.start()
            time.sleep(1)
            assert order == []
        waiting.join(20)
        assert order == [its_browser(second)]


def test_a_browser_whose_borrower_died_is_not_lent_again(kept: Kept) -> None:
    lent = borrow(kept.home)
    assert lent is not None
    os.write(lent.writes, b'{"id": 1, "method": "half a comm')
    lent.close()
    with kept.session() as session:
        assert its_browser(session) != lent.pid
        assert session.page.run("() => 1") == 1
    wait_for("its end", 10, lambda: gone(lent.pid))


def test_a_browser_that_died_costs_its_borrower_a_try_and_the_next_has_another(kept: Kept) -> None:
    with pytest.raises(TransientError, match="the browser failed"), kept.session() as session:
        os.kill(its_browser(session), signal.SIGKILL)
        session.page.run("() => 1")
    with kept.session() as session:
        assert session.page.run("() => 1") == 1
        os.kill(dead := its_browser(session), signal.SIGSTOP)
        os.kill(dead, signal.SIGCONT)
    time.sleep(1)  # or it dies while the keeper sees whether it is well
    os.kill(dead, signal.SIGKILL)
    wait_for("its end", 10, lambda: gone(dead))
    with kept.session() as session:
        assert its_browser(session) != dead


def test_a_page_that_hangs_takes_its_browser_with_it_and_no_other(kept: Kept) -> None:
    with kept.session() as other:
        with pytest.raises(TransientError, match="stopped after 2 s"), kept.session(2) as session:
            hung = its_browser(session)
            session.page.run("() => { for (;;) { } }")
        wait_for("its end", 10, lambda: gone(hung))
        assert other.page.run("() => 1") == 1


def test_without_a_keeper_everybody_has_one_of_his_own(chromium: Path, tmp_path: Path) -> None:
    with opened(chromium, 60, home=tmp_path) as session:
        assert session.page.run("() => 1") == 1
        own = its_browser(session)
    assert gone(own)


def test_a_keeper_that_cannot_start_a_browser_sends_everybody_away(tmp_path: Path) -> None:
    kept = Kept(tmp_path, tmp_path / "no browser")
    assert borrow(tmp_path) is None
    kept.process.send_signal(signal.SIGINT)
    assert kept.process.wait(10) == 0


def test_who_waits_too_long_has_one_of_his_own(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        lent = [stack.enter_context(kept.session()) for _ in range(2)]
        monkeypatch.setattr(lending, "WAIT_SECONDS", 0.5)
        third = stack.enter_context(kept.session())
        assert its_browser(third) not in {its_browser(each) for each in lent}
        assert its_browser(third) not in kept.browsers()
    monkeypatch.setattr(lending, "WAIT_SECONDS", 20.0)
    with kept.session() as first, kept.session() as second:  # none is lent to who has left
        assert {its_browser(first), its_browser(second)} <= kept.browsers()


def test_a_keeper_that_is_told_to_stop_waits_for_what_is_lent_and_lends_no_more(kept: Kept) -> None:
    with kept.session() as session:
        kept.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert kept.process.poll() is None
        assert session.page.run("() => 1") == 1
    assert kept.process.wait(20) == 0
    assert not (kept.home / "running" / "browsers.sock").exists()


@pytest.mark.faults
def test_nothing_outlives_a_keeper_that_was_killed(kept: Kept) -> None:
    with kept.session() as session, kept.session() as other:
        browsers = kept.browsers()
        assert browsers == {its_browser(session), its_browser(other)}
        kept.kill()
        assert session.page.run("() => 1") == 1
    wait_for("their end", 30, lambda: all(gone(each) for each in browsers))


def test_browsers_nobody_wants_are_closed(
    chromium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(keeper, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(keeper.signal, "signal", lambda *_: None)
    monkeypatch.setattr(keeper.signal, "set_wakeup_fd", lambda *_: None)
    threading.Thread(target=keeper.keep, args=(tmp_path, chromium, 1), daemon=True).start()
    wait_for("the keeper", 10, (tmp_path / "running" / "browsers.sock").exists)
    with opened(chromium, 60, home=tmp_path) as session:
        lent = its_browser(session)
    wait_for("its end", 10, lambda: gone(lent))


def test_it_runs_as_a_program_for_the_home_of_the_settings(chromium: Path, tmp_path: Path) -> None:
    environment = {**os.environ, variable("home"): str(tmp_path), variable("chromium_path"): str(chromium)}
    program = subprocess.Popen([sys.executable, "-m", "gamefactory_dagster.studio.browser"], env=environment)
    wait_for("the keeper", 30, (tmp_path / "running" / "browsers.sock").exists)
    with opened(chromium, 60, home=tmp_path) as session:
        assert its_browser(session) in {each.pid for each in psutil.Process(program.pid).children()}
    program.send_signal(signal.SIGTERM)
    assert program.wait(10) == 0

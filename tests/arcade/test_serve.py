"""Where the arcade may listen, and the command that starts it."""

import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from typer.testing import CliRunner

from gamefactory_dagster.arcade.serve import check_host, is_loopback, local_url_of, take_port, url_of
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.home import ARCADE, running


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_addresses(host):
    assert is_loopback(host)
    check_host(host, public=False)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.4", "example.com", "", "127.0.0.1.evil.example"]
)
def test_other_addresses_need_the_flag(host):
    with pytest.raises(InputError, match="--public"):
        check_host(host, public=False)
    check_host(host, public=True)


def test_a_taken_port_is_said():
    with take_port("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert url_of(taken) == f"http://127.0.0.1:{port}"
        with pytest.raises(PermanentError, match=rf"127\.0\.0\.1:{port}.*--port"):
            take_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["x" * 300, "no.such.host.invalid", "\udcff"])
def test_a_host_that_cannot_be_is_said(host):
    with pytest.raises(PermanentError, match="cannot listen on"):
        take_port(host, 0)
    assert not is_loopback(host)


def test_what_takes_all_addresses_is_reached_by_this_machine_s_own():
    with take_port("0.0.0.0", 0) as taken:
        assert local_url_of(taken) == f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_the_command_refuses_before_it_starts_anything():
    found = CliRunner().invoke(app, ["arcade", "--host", "0.0.0.0", "--port", "0"])
    assert isinstance(found.exception, InputError)


def served(settings, monkeypatch):
    """The application the command would serve, and the proxies it would believe."""
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    given = []

    class Server:
        def run(self, sockets):
            pass

    def make_server(application, trusted_proxies):
        given.append((application, trusted_proxies))
        return Server()

    monkeypatch.setattr("gamefactory_dagster.arcade.serve.make_server", make_server)
    CliRunner().invoke(app, ["arcade", "--port", "0"], catch_exceptions=False)
    [found] = given
    return found


def test_the_command_believes_the_proxies_that_were_named(settings, monkeypatch):
    named = settings.model_copy(update={"trusted_proxies": "10.0.0.0/8"})
    assert served(named, monkeypatch)[1] == "10.0.0.0/8"


def test_the_command_serves_the_pages_of_slices_above_the_arcade(settings, monkeypatch):
    application, _ = served(settings, monkeypatch)
    paths = {route.path for route in application.routes}
    assert paths >= {"/runs", "/jobs", "/jobs/{job}", "/runs.css", "/jobs.css"}


STARTER = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
from gamefactory_dagster.cli import main
main()
"""
"""A child ignores what its parent does: SIGINT in a shell's background, and SIGTERM if Dagster ran there."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 0), ("SIGTERM", -signal.SIGTERM)])
def test_the_command_serves_until_it_is_stopped(settings, name, code):
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "GAMEFACTORY_HOME": str(settings.home),
        "GAMEFACTORY_DAGSTER_DATABASE": settings.dagster_database,
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-c", STARTER, "arcade", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        url = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert httpx.get(f"{url.group()}healthz").json() == {"status": "ok"}
        assert running(settings.home, ARCADE).url == url.group().rstrip("/")
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=20) == code
    assert running(settings.home, ARCADE) is None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(url.group(1)))) != 0

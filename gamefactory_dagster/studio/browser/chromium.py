"""Starting a real Chromium, bounding its time, and making sure that none is ever left behind.

What belongs here: the process and its one page. What does not: games, and what is served to the page.

The browser hangs on a pipe to Playwright's driver, and the driver on a pipe to this process. When this
process dies, however it dies, both ends close and both programs leave.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import InputError, TransientError

if TYPE_CHECKING:
    import psutil
    from playwright.sync_api import Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""For one page of our own making, on a machine without a screen: no updates, no calls home."""

START_SECONDS = 60.0


class Session:
    """One browser with one page, and what it is ``doing``, for whoever has to say what hung."""

    def __init__(self, page: "Page", marker: str) -> None:
        self.page = page
        self.doing = "opening a page"
        self._marker = marker

    def cpu_seconds(self) -> float:
        """CPU time so far of the browser and of the driver between it and us."""
        import psutil

        browser = _browser(self._marker)
        driver = browser.parent() if browser else None
        seconds = 0.0
        for process in [driver, *driver.children(recursive=True)] if driver else []:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            seconds += times.user + times.system
        return seconds


@contextmanager
def opened(chromium: Path, seconds: float, width: int = 960, height: int = 540) -> Iterator[Session]:
    """A fresh browser with an empty profile and one page, for at most ``seconds``.

    Raises InputError when there is no browser at ``chromium``; TransientError, with what was being done,
    when it does not start, breaks down, or is not finished in time (it is killed then).
    """
    from playwright.sync_api import Error, sync_playwright

    if not chromium.is_file():
        raise InputError("chromium", str(chromium), "the path of a Chromium")
    marker = f"--gamefactory-check={uuid.uuid4().hex}"
    late = threading.Event()
    session: Session | None = None
    with sync_playwright() as driver:
        timer = threading.Timer(seconds, _kill, (marker, late))
        timer.daemon = True
        timer.start()
        try:
            browser = driver.chromium.launch(
                executable_path=chromium, args=[*FLAGS, marker], timeout=START_SECONDS * 1000
            )
            page = browser.new_page(viewport={"width": width, "height": height})
            session = Session(page, marker)
            yield session
            browser.close()
        except Error as error:
            doing = session.doing if session else "starting the browser"
            if late.is_set():
                raise TransientError(f"the browser was stopped after {seconds:g} s, {doing}") from error
            raise TransientError(f"the browser failed, {doing}: {error.message.splitlines()[0]}") from error
        finally:
            timer.cancel()


def _browser(marker: str) -> "psutil.Process | None":
    """The browser's main process: the one of ours that was started with ``marker``."""
    import psutil

    for process in psutil.Process().children(recursive=True):
        try:
            if marker in process.cmdline():
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def _kill(marker: str, late: threading.Event) -> None:
    """Kill the browser; the call that waits for it then fails at once. The driver tidies up after it."""
    late.set()
    if browser := _browser(marker):
        browser.kill()

"""One Chromium for all tests of a process, and in it a fresh context for each: no cookie or file of another test.

(And one for those whose camera is refused, which Chromium wants to know at its start.)
"""

import asyncio
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# The one without windows is the same engine for a third of the work.
path = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
# Generous: a test machine may be busy with other things.
wait_seconds_max = 120
_refusal = re.compile(r"Failed to load resource: the server responded with a status of (422|429) ")
_flags = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--use-fake-device-for-media-stream",
]


class Camera:
    """What stands before the browser's camera: a file with one picture, which Chromium reads again for every frame."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.touch()
        self.show()

    def show(self, *placed: Any) -> None:
        """From the next frame on: these labels (as `film.picture` takes them), or none."""
        from inventory.tests.film import still

        # In place: the file that Chromium has mapped.
        with self.file.open("r+b") as file:
            file.write(still(*placed))


class Chromium:
    """The browser, its camera, and Playwright's event loop, which lives in the thread of the tests.

    The loop counts as running between Playwright's calls, where the job worker's tests need one of their own: `wake`
    before a test that uses the browser, `rest` after it.
    """

    def __init__(self, folder: Path) -> None:
        from playwright.sync_api import sync_playwright

        self.camera = Camera(folder / "camera.mjpeg")
        self._playwright = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        # By whether the camera is allowed.
        self._browsers: dict[bool, Any] = {}
        self.rest()

    def open_context(self, *, camera_allowed: bool, **settings: Any) -> Any:
        browser = self._browsers.get(camera_allowed)
        if browser is None or not browser.is_connected():
            browser = self._browsers[camera_allowed] = self._launch(camera_allowed)
        return browser.new_context(**settings)

    def wake(self) -> None:
        asyncio._set_running_loop(self._loop)

    def rest(self) -> None:
        asyncio._set_running_loop(None)

    def close(self) -> None:
        self.wake()
        for browser in self._browsers.values():
            browser.close()
        self._playwright.stop()
        self.rest()

    def _launch(self, camera_allowed: bool) -> Any:
        answer = "--use-fake-ui-for-media-stream" + ("" if camera_allowed else "=deny")
        flags = [*_flags, answer, f"--use-file-for-fake-video-capture={self.camera.file}"]
        return self._playwright.chromium.launch(executable_path=path, args=flags)


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def open_browser(_chromium: Chromium, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """`open_browser(**context)`: a page in a context of its own, at a handheld's size.

    The console's errors and warnings: `page.complaints`, but for the line that the browser itself writes for each of
    our answers that refuse (422, 429): `page.refusals`.
    """
    from django.db import connections

    contexts = []

    def open_page(*, camera_allowed: bool = True, **context: Any) -> Any:
        settings = {"viewport": {"width": 360, "height": 640}} | context
        contexts.append(_chromium.open_context(camera_allowed=camera_allowed, **settings))
        contexts[-1].set_default_timeout(wait_seconds_max * 1000)
        page = contexts[-1].new_page()
        page.complaints, page.refusals = [], []
        page.on("console", lambda said: _note(page, said))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    _chromium.wake()
    try:
        yield open_page
        for context in contexts:
            context.close()
        # Where a loop runs Django gives a test a connection of its own, which nobody else can close later.
        connections.close_all()
    finally:
        _chromium.rest()
    if "live_server" in request.fixturenames:
        _let_requests_end(request.getfixturevalue("live_server").thread.httpd)


@pytest.fixture
def camera(_chromium: Chromium) -> Camera:
    """`camera.show(payload)`: what the browser's camera sees from now on; nothing at first."""
    _chromium.camera.show()
    return _chromium.camera


def _let_requests_end(server: object) -> None:
    """A page goes in the middle of its requests: what they still ask must not reach the next test's tables.

    After the last test it would open the test database again while that is dropped.
    """
    for thread in threading.enumerate():
        if getattr(getattr(thread, "_target", None), "__self__", None) is server:
            thread.join(wait_seconds_max)


def _note(page: Any, said: Any) -> None:
    if said.type in ("error", "warning"):
        (page.refusals if _refusal.match(said.text) else page.complaints).append(said.text)

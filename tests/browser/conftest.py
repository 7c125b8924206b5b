"""The system's Chromium, headless, with a window for each test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import Callback, Site, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"]
"""A container has neither a sandbox of its own nor much shared memory."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        reason = "there is no Chromium here; on Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def callback() -> Iterator[Callback]:
    """Where the app waits for the browser to come back."""
    with Callback() as callback:
        yield callback


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, callback: Callback) -> Iterator[Site]:
    """A server that others rely on."""
    yield from _site(tmp_path_factory.mktemp("strict"), callback, is_open=False)


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory, callback: Callback) -> Iterator[Site]:
    """A server for development."""
    yield from _site(tmp_path_factory.mktemp("open"), callback, is_open=True)


def _site(folder: Path, callback: Callback, is_open: bool) -> Iterator[Site]:
    with running(folder, callback, is_open) as site:
        yield site


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context


class Window:
    """A page, and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, kind: str, text: Any) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@pytest.fixture
def window(context: BrowserContext) -> Window:
    return Window(context.new_page())

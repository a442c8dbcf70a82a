"""Chromium for the tests of pages: no request but the file itself, no dialog, no error, or the test fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_chromium() -> str:
    """Path of Debian's Chromium; the test is skipped without it, or fails where CI=true."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on PATH; install the package chromium")
        pytest.skip("no Chromium on PATH; install the package chromium")
    return found


@contextmanager
def open_browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def open_page(browser, path: Path, *, size: tuple[int, int] = (1400, 900), fragment: str = "", touch: bool = False) -> Iterator[object]:
    """Open a file; afterwards hold that nothing else was asked for, nothing was said and nothing failed."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, has_touch=touch)
    requests, troubles = [], []
    page.on("request", lambda request: requests.append(request.url.partition("#")[0]))
    page.on("console", lambda message: troubles.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(path.as_uri() + fragment)
    yield page
    page.wait_for_timeout(50)
    planted = page.evaluate("window.planted")
    page.close()
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    assert troubles == []
    assert planted is None

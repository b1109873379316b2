import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.ui.questionnaire import serve


def _program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desk():
    server = serve()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser_type_launch(chromium):
    """Another browser with words of its own; ended with the test."""
    opened = []

    def launch(*words: str):
        opened.append(chromium.browser_type.launch(executable_path=_program(), args=["--no-sandbox", *words]))
        return opened[-1]

    yield launch
    for browser in opened:
        browser.close()

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.ui.questionnaire import serve


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desk():
    server = serve()
    yield server
    server.shutdown()
    server.server_close()

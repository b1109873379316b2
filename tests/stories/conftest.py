"""One set of real processes and one browser for all stories; both end with the last story."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.stories.people import DESKTOP, arrive
from tests.stories.stage import Stage

#: no sandbox: continuous integration runs as root; nothing may be fetched from outside
CHROMIUM_WORDS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")


@pytest.fixture(scope="package")
def stage(tmp_path_factory, worker_id):
    own = os.environ.get("XINYU_TEST_DB", "test_xinyu")
    with Stage(f"{own}_story_{worker_id}", tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(scope="package")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_WORDS))
        yield browser
        browser.close()


@pytest.fixture
def arriving(stage, chromium):
    """arriving("counselor1", width) -> a logged-in person; arriving("", width) -> somebody at the door."""
    people = []

    def come(username: str = "", width: int = DESKTOP):
        person = arrive(chromium, stage.address, width)
        people.append(person)
        return person.log_in(username, stage.password(username)) if username else person

    yield come
    for person in people:
        person.close()

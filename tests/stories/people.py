"""A person at a screen: logs in, clicks, and notices what a person would call broken."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from xinyu.ops import paths

DESKTOP, PHONE = 1280, 390
HEIGHTS = {DESKTOP: 900, PHONE: 844}
#: not test-results, which the Playwright plugin empties
RESULTS = paths.data() / "stories"
#: the browser notes every answer >= 400 as an error; a story that provokes one says so itself
EXPECTED = "Failed to load resource"


@dataclass
class Person:
    """One person's browser window. `complaints`: script errors and broken content rules, checked when it closes."""

    page: Page
    context: BrowserContext
    width: int
    address: str
    password: str = ""
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open a path; the status of the answer."""
        answer = self.page.goto(self.address + path)
        return answer.status if answer else 0

    def log_in(self, username: str, password: str) -> "Person":
        self.password = password
        self.go("/account/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.locator("#main, main").first).to_be_visible()
        assert "/account/" not in self.page.url, f"{username} could not log in: {self.page.inner_text('body')[:300]}"
        return self

    def prove_identity(self) -> None:
        """Granting, approving and exporting ask for the password again."""
        self.page.wait_for_url(re.compile("reauthenticate"))
        self.page.fill("input[name=password]", self.password)
        self.page.get_by_role("button", name="确认").click()
        self.page.wait_for_url(re.compile(r"^(?!.*reauthenticate)"))

    def open_menu(self, title: str) -> None:
        """Follow the navigation, which a phone hides behind a button."""
        link = self.page.locator("#site-nav").get_by_role("link", name=title, exact=True)
        if not link.is_visible():
            self.page.locator("[data-nav-open]").click()
        link.click()

    def sees(self, text: str, seconds: float = 10) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=seconds * 1000)

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def picture(self, name: str) -> Path:
        """A screenshot beside the others; nothing may stick out of the phone's side."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.page.url} is {wide} px wide on a screen of {self.width}"
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{name}-{self.width}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


def arrive(browser: Browser, address: str, width: int) -> Person:
    """Somebody new with a fresh browser."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]}, locale="zh-CN", timezone_id="Asia/Shanghai",
        is_mobile=width == PHONE, has_touch=width == PHONE, accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(30_000)
    person = Person(page, context, width, address)

    def hear(message) -> None:
        if message.type == "error" and EXPECTED not in message.text:
            person.complaints.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: person.complaints.append(f"{page.url}: {error}"))
    return person

"""The opening page of the sample case in a new browser session."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.app.analyst import Analyst
from tests.app.browser import ARTEFACTS, FLAGS, chromium, serving

WIDE = {"width": 1440, "height": 900}


@contextmanager
def opened(browser: Browser, address: str, name: str, **options: object) -> Iterator[Page]:
    """A page at an address, once its chart is drawn; checks for errors, and takes a screenshot at the end."""
    context = browser.new_context(**{"viewport": WIDE, "accept_downloads": True, **options})  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.locator(".canvas[data-drawn]").wait_for(timeout=60_000)
    yield page
    page.screenshot(path=ARTEFACTS / f"{name}.png")
    context.close()
    assert not problems, problems


@contextmanager
def alone_at(url: str, viewer: str, name: str) -> Iterator[Analyst]:
    """Somebody alone at a store of his own, in a browser of his own."""
    with serving(url, "--as", viewer) as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with opened(browser, f"http://{host}/", name) as page:
            found = Analyst(page)
            found.settled()
            yield found
        browser.close()

"""Who comes by the address of a page sees its marking too, though nobody has opened the first page yet."""

from pathlib import Path

import pytest

from tests.app.browser import browsing, serving
from tests.app.proxy import logging_proxy
from tests.stores import viewers_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", ["analyse", "load"])
def test_a_page_by_its_address_has_its_marking(page: str, case_url: str, tmp_path: Path) -> None:
    with viewers_in(tmp_path), serving(case_url) as host, logging_proxy(host) as proxy, browsing(proxy.port) as browser:
        opened = browser.new_page()
        opened.goto(f"http://{host}/{page}")
        marking = opened.locator(".marking")
        marking.wait_for(timeout=60_000)
        assert "CONFIDENTIAL" in marking.inner_text()
        assert opened.get_by_role("link", name="Analyse").count() == 1

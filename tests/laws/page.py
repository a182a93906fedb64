"""The output of Streamlit as text, for functions and pages that draw instead of returning an answer."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.components.v2 import manifest_scanner
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from workbench.app import context
from workbench.errors import WorkbenchError

# Ids that Streamlit makes of what it draws, tokens included; and what a desk makes up.
_RANDOM = re.compile(
    r"\$\$ID-[0-9a-f]{32}|deferred_file_id: \"[^\"]*\"|\\?\"chart\\?\": ?\\?\"[0-9a-f]{8}\\?\"|Chart of [\d: -]{19}"
    r"|(?<=\\\"token\\\": \\\")[0-9a-f]{16}"
)

_SCRIPT = Path(__file__).with_name("script.py")  # not a function of ours: processes would write one file

running: list[Callable[[], None]] = []  # what the script runs


def drawn(run: Callable[[], Any], environment: Mapping[str, str]) -> list[Any]:
    """Run something inside a script; returns its result or refusal, and everything it draws."""
    told: list[Any] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            told.append(run())
        except WorkbenchError as error:
            told.append(error)
        except Exception as error:  # noqa: BLE001 - raised below: Streamlit would draw it
            failed.append(error)

    with patch.dict(os.environ, environment), _scanned_once():
        running[:] = [work]
        app = AppTest.from_file(_SCRIPT, default_timeout=60)
        app.run()
    context._store.clear()
    if failed:
        raise failed[0]
    return [*told, list(_texts(app._tree))]


def _texts(node: Any) -> Iterator[str]:
    yield _RANDOM.sub("<random>", f"{type(node).__name__} {getattr(node, 'proto', None)}")
    for each in getattr(node, "children", {}).values():
        yield from _texts(each)


def _scanned_once() -> Any:
    """Cache Streamlit's search for components in all installed packages, which it repeats at every run."""
    set_log_level("ERROR")  # else it warns that this process is no server
    return patch.object(manifest_scanner, "scan_component_manifests", _scan)


@cache
def _scan() -> Any:
    return _real_scan()


_real_scan = manifest_scanner.scan_component_manifests

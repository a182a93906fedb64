"""The server listens on this machine only, sends a strict content policy, and needs a named viewer."""

import http.client
import json
import socket
from pathlib import Path

import pytest

from tests.app.browser import serving
from tests.app.case import VIEWERS
from workbench.app.content_security import content_policy
from workbench.app.serve import serve
from workbench.errors import InputError, NotFound, UsageError


def test_it_answers_on_this_machine_only_and_lets_in_nothing_else(case_url: str) -> None:
    with serving(case_url) as host:
        name, _, port = host.partition(":")
        connection = http.client.HTTPConnection(name, int(port), timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
        assert answer.status == 200
        assert answer.headers["content-security-policy"] == content_policy()
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert b"<script" in page
        for each in socket.getaddrinfo(socket.gethostname(), int(port), family=socket.AF_INET):
            if not str(each[4][0]).startswith("127."):
                with socket.socket() as other:
                    other.settimeout(2)
                    assert other.connect_ex(each[4]) != 0, "only 127.0.0.1 is listened on"


def test_the_policy_evaluates_no_text_and_names_no_host() -> None:
    policy = content_policy()
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "http" not in policy
    assert "*" not in policy


def test_an_unknown_viewer_is_refused_before_it_starts(case_url: str) -> None:
    with pytest.raises(NotFound, match="viewer"):
        serve(case_url, "nobody", port=1)


def test_several_viewers_must_be_told_apart(case_url: str, tmp_path: Path) -> None:
    (tmp_path / "demo.json").unlink()
    assert VIEWERS.count("[") > 2
    with pytest.raises(UsageError, match="name the viewer"):
        serve(case_url, port=1)


def test_a_purpose_that_the_viewer_has_not_is_refused(case_url: str) -> None:
    with pytest.raises(UsageError, match="no purpose"):
        serve(case_url, purpose="privilege-review", port=1)


def test_a_question_that_cannot_be_read_is_said(case_url: str, tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text(json.dumps({"question": "?"}), "utf-8")
    with pytest.raises(InputError, match="workbench demo"):
        serve(case_url, port=1)

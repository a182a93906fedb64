"""compose.yaml has the shape that Docker Compose reads: no engine is there to run it, so only its syntax is checked."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).resolve().parent.parent / "compose.yaml"


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    found = yaml.safe_load(FILE.read_text("utf-8"))
    assert set(found) == {"name", "services", "volumes"}
    assert set(found["services"]) == {"neo4j"}
    neo4j: dict[str, Any] = found["services"]["neo4j"]
    assert {each.split(":")[0] for each in neo4j["volumes"]} == set(found["volumes"])
    assert set(found["volumes"].values()) == {None}
    return neo4j


def test_the_line_that_the_tests_run_on_is_pinned(service: dict[str, Any]) -> None:
    assert service["image"] == "neo4j:5.26-community"
    tested = (FILE.parent / "tools" / "neo4j" / "pom.xml").read_text("utf-8")
    assert "<neo4j.version>5.26." in tested


def test_it_listens_on_loopback_only(service: dict[str, Any]) -> None:
    assert service["ports"] == ["127.0.0.1:7687:7687", "127.0.0.1:7474:7474"]
    assert "network_mode" not in service


def test_there_is_no_default_password(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"neo4j/\$\{NEO4J_PASSWORD:\?[^}]+\}", service["environment"]["NEO4J_AUTH"])
    assert "env_file" not in service


def test_settings_are_text_and_have_the_names_that_the_image_reads(service: dict[str, Any]) -> None:
    settings = {name: value for name, value in service["environment"].items() if name != "NEO4J_AUTH"}
    assert all(isinstance(value, str) for value in settings.values())
    assert all(re.fullmatch(r"NEO4J_(server|db|dbms)(_{1,2}[a-z]+)+", name) for name in settings)
    assert settings["NEO4J_dbms_usage__report_enabled"] == "false"


def test_memory_fits_in_its_limit(service: dict[str, Any]) -> None:
    said = service["environment"]
    heap, cache = said["NEO4J_server_memory_heap_max__size"], said["NEO4J_server_memory_pagecache_size"]
    assert int(heap.removesuffix("g")) + int(cache.removesuffix("g")) < int(service["mem_limit"].removesuffix("g"))


def test_its_health_is_asked_by_cypher_shell_without_a_password_on_the_command_line(service: dict[str, Any]) -> None:
    check = service["healthcheck"]
    kind, command = check["test"]
    assert kind == "CMD-SHELL"
    assert re.search(r"\bcypher-shell 'RETURN 1'$", command)
    assert "-p " not in command
    assert not re.search(r"(?<!\$)\$(?!\$)", command), "a single $ would be filled in by Compose"
    assert set(check) == {"test", "interval", "timeout", "retries", "start_period"}

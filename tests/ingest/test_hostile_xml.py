"""XML that was made to do harm, given to each adapter of XML: refused whole, and nobody is asked for anything."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from ingest.account import Account
from ingest.formats import ADAPTERS
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.listening import Listening
from tests.ingest.test_adapters import Memory, manifest_of
from tests.stores import NEO4J
from workbench.errors import FileRefused

XML = ("anx", "gexf", "gleif", "goaml", "graphml", "iso20022", "un-xml", "xml")
CANARY = "canary-7f3a"
_ROOT = re.compile(rb"(?:<\?xml[^>]*\?>)?(?:<!--.*?-->)?()<([\w:]+)[^>]*>()")
each = pytest.mark.parametrize("adapter", XML)
pytestmark = pytest.mark.night(reason="other processes know no store, and a server takes long", kind=NEO4J)


@pytest.fixture
def server() -> Iterator[Listening]:
    with closing(Listening()) as found:
        yield found


def test_who_comes_is_counted(server: Listening) -> None:
    assert server.heard() == 0
    with socket.create_connection(server.socket.getsockname()):
        assert server.heard() == 1


def attacked(content: bytes, doctype: str, text: str = "") -> bytes:
    """A document with this document type before its root, where it says ROOT, and a text at the start of its root."""
    found = _ROOT.match(content)
    assert found
    said = doctype.replace("ROOT", found[2].decode()).encode()
    return (
        content[: found.start(1)]
        + said
        + content[found.start(1) : found.end(3)]
        + text.encode()
        + (content[found.end(3) :])
    )


def attacks(content: bytes, url: str, canary: Path) -> Mapping[str, bytes]:
    """Documents that would harm who resolves what they declare."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return {
        "laughs": attacked(content, f'<!DOCTYPE ROOT [<!ENTITY a0 "ha">{laughs}]>', "&a11;"),
        "quadratic": attacked(content, f'<!DOCTYPE ROOT [<!ENTITY q "{"x" * 100_000}">]>', "&q;" * 50_000),
        "file": attacked(content, f'<!DOCTYPE ROOT [<!ENTITY f SYSTEM "{canary.as_uri()}">]>', "&f;"),
        "http": attacked(content, f'<!DOCTYPE ROOT [<!ENTITY h SYSTEM "{url}">]>', "&h;"),
        "parameter": attacked(content, f'<!DOCTYPE ROOT [<!ENTITY % p SYSTEM "{url}"> %p;]>'),
        "skipped": attacked(content, f'<!DOCTYPE ROOT SYSTEM "{url}">', "&s;"),
        "unused": attacked(content, '<!DOCTYPE ROOT [<!ENTITY u "x">]>'),
        "attribute": attacked(content, f'<!DOCTYPE ROOT [<!ATTLIST ROOT zz CDATA "{"x" * 100_000}">]>'),
        "alone": b"<!DOCTYPE x [<!ELEMENT x ANY>]>",
    }


def harmless(content: bytes, url: str) -> Mapping[str, bytes]:
    """Documents that name what stands elsewhere, and do not need it."""
    return {
        "subset": attacked(content, f'<!DOCTYPE ROOT SYSTEM "{url}">'),
        "public": attacked(content, f'<!DOCTYPE ROOT PUBLIC "-//X//Y" "{url}">'),
        "sheet": attacked(content, f'<?xml-stylesheet href="{url}"?>'),
        "empty": attacked(content, "<!DOCTYPE ROOT>"),
    }


@each
def test_nothing_that_a_document_declares_is_resolved(desk: Desk, adapter: str, server: Listening) -> None:
    """In the process that reads; nor is anything of the document loaded, kept or told."""
    canary, example = desk.write("canary.txt", CANARY), EXAMPLES[adapter]
    written = attacks(example.file(example.good), server.url, canary)
    paths = [desk.write(f"{name}/{example.name}", content) for name, content in written.items()]
    report = desk.load(*paths, manifest=desk.write("m/m.toml", example.manifest))
    assert [each.refused for each in report.files] == [1] * len(paths)
    assert totals(report) == {"read": len(paths), "refused": len(paths)}
    assert set(reasons(report)) <= {"not XML", "entities", "attributes"}
    assert CANARY not in str(report)
    assert (desk.view().stats().records, desk.view().quarantine()) == (0, ())
    assert server.heard() == 0


@each
def test_a_document_type_elsewhere_is_not_fetched(desk: Desk, adapter: str, server: Listening) -> None:
    """And the document says what it says without it."""
    example = EXAMPLES[adapter]
    good = example.file(example.good)
    written = {"plain": good, **harmless(good, server.url)}
    paths = [desk.write(f"{name}/{example.name}", content) for name, content in written.items()]
    report = desk.load(*paths, manifest=desk.write("m/m.toml", example.manifest))
    read = report.files[0].accepted
    assert [(each.read, each.accepted + each.unchanged) for each in report.files] == [(read, read)] * len(paths)
    assert read > 0
    assert server.heard() == 0


@each
def test_no_socket_is_made_while_a_document_is_read(
    tmp_path: Path, adapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary, example = tmp_path / "canary.txt", EXAMPLES[adapter]
    canary.write_text(CANARY)
    written = manifest_of(example).written(example.name)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("it makes a socket"))
    for content in attacks(example.file(example.good), "http://127.0.0.1:9/x", canary).values():
        with pytest.raises(FileRefused) as refused:
            list(ADAPTERS[adapter].read(Memory(example.name, content), written, Account()))
        assert CANARY not in str(refused.value)

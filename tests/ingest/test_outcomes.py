"""Every file of the real input: its units are counted once, as many as other code finds, and each has one outcome.

`read = accepted + unchanged + late + left + quarantined + refused`. The four of the design are told apart further:
`late` is a unit about which a newer delivery has spoken (none here), `left` one of which nothing is made on purpose.
A file without an entry in FILES or NO_INPUT fails, so a new one needs a count.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.ingest import other_counts as count
from tests.ingest.loads import load
from tests.selection import EVERYTHING
from tests.stores import leased
from workbench.commands.console import run
from workbench.commands.ingest import cli

pytestmark = pytest.mark.data


class Plan(NamedTuple):
    """How units are counted by other code, and how the file is loaded if not as detection and suggestion say."""

    count: count.Count
    adapter: str = ""
    manifest: str = ""


def _lines(*columns: str, delimiter: str = ",", skip: int = 0) -> str:
    """A manifest of lines without a header: each is an item, called by its number or its words."""
    named = "|".join(f"{{{each}}}" for each in columns if each != "nothing")
    return f"""
        adapter = "csv"
        [[files]]
        pattern = "*"
        header = false
        skip = {skip}
        delimiter = "{delimiter}"
        columns = {json.dumps(columns)}
        ignore = {json.dumps([each for each in columns if each == "nothing"])}
        [[files.records]]
        name = "item"
        schema = "Item"
        id = "{named}"
        properties = {{ name = {{ template = "{named}" }} }}
        """


FILES = {
    "aml_tx/*.csv": Plan(count.table),
    "amlsim/sample_outputs/*.csv": Plan(count.table),
    "anpr/*.csv": Plan(count.table),
    "bods/*.json": Plan(count.document()),
    "case_uco/*.json": Plan(count.document("@graph")),
    "cdr/cider/*.csv": Plan(count.table),
    "companies_house_psc/*.json": Plan(count.document()),
    "covert/email_eu_core/edges.csv": Plan(count.lines),
    "covert/email_eu_core/*-labels.txt": Plan(count.spaced),
    "covert/moreno_crime/out.*": Plan(
        lambda path: count.lines(path) - 2, manifest=_lines("person", "crime", "nothing", delimiter=" ", skip=2)
    ),
    "covert/moreno_crime/ent.*.name": Plan(count.lines, manifest=_lines("name", delimiter="|")),
    "covert/moreno_crime/ent.*.sex": Plan(count.lines, manifest=_lines("sex")),
    "covert/moreno_crime/rel.*.role": Plan(count.lines, manifest=_lines("role")),
    "covert/*/*.csv": Plan(count.table),
    "er/nomenklatura/cases.csv": Plan(count.table),
    "er/nomenklatura/putin_names.txt": Plan(count.lines, manifest=_lines("name", delimiter="|")),
    "ftm/aleph/*.vis": Plan(count.document("layout", "entities")),
    "ftm/nomenklatura/donations.csv": Plan(count.table),
    "ftm/*json": Plan(count.lines),
    "gleif/*.json": Plan(count.document()),
    "gleif/lei-data.xml": Plan(count.elements("LEIRecord")),
    "gleif/rr-data.xml": Plan(count.elements("RelationshipRecord")),
    "gleif/repex-data.xml": Plan(count.elements("Exception")),
    "goaml/vyttah/golden/*.xml": Plan(count.elements("report")),
    "i2/*.anx": Plan(count.elements("ChartItem")),
    "i2/anxwritter_northstar_input.json": Plan(count.document("links")),
    "iso20022/genkgo/camt053.v2.wrong.xml": Plan(count.one),
    "iso20022/*.xml": Plan(count.payments),
    "misp/objects/*.json": Plan(count.document()),
    "misp/pymisp/sharing_groups.json": Plan(count.document()),
    "misp/pymisp/*.json": Plan(count.misp),
    "mt940/*.sta": Plan(count.mt940),
    "networks/gexf/*.gexf": Plan(count.elements("node", "edge")),
    "networks/*/invalid*": Plan(count.one),
    "networks/graphml/*.graphml": Plan(count.elements("node", "edge")),
    "networks/igraph_dl/*.dl": Plan(count.dl),
    "networks/igraph_pajek/*.net": Plan(count.pajek),
    "networks/ucinet_csv/*.csv": Plan(count.square),
    "pole/*.zip": Plan(count.zipped),
    "sanctions/negative/*": Plan(count.one, "ofac-csv"),
    "sanctions/ofac_csv/*.csv": Plan(count.ofac, "ofac-csv"),
    "sanctions/un/*.xml": Plan(count.elements("INDIVIDUAL", "ENTITY")),
    "senzing/demo/*.csv": Plan(count.table),
    "senzing/demo/*.jsonl": Plan(count.lines),
    "stix/*.json": Plan(count.document("objects")),
    "vcard/*.vcf": Plan(count.cards),
    "wanted/*.json": Plan(count.document("items")),
}
NO_INPUT = {
    "README.md": "about the files",
    "SOURCES.md": "about the files",
    "covert/*/PROVENANCE.txt": "about the files",
    "covert/moreno_crime/README.*": "about the files",
    "covert/moreno_crime/meta.*": "about the files",
    "covert/email_eu_core/email-Eu-core.txt": "lists of neighbours for a program; edges.csv has the same as a table",
    "ftm/nomenklatura/donations.yml": "a mapping for another program",
    "goaml/xsd/*.xsd": "a schema: a manifest names it",
}
FAULTY = {  # the files of which something is bad, and what
    "aml_tx/ibm_aml_layout_adversarial.csv": {"quarantined": 2},
    "bods/v0.4/checks/statement_duplicate_statement_id-invalid-2.json": {"quarantined": 1},
    "bods/v0.4/checks/statement_relationship_interested_party_entity_or_person-invalid-2.json": {"quarantined": 1},
    "iso20022/genkgo/camt053.v2.wrong.xml": {"refused": 1},
    "mt940/betterplace_sepa_snippet_broken.sta": {"quarantined": 1},
    "networks/graphml/invalid1.graphml": {"refused": 1},
    "networks/igraph_pajek/invalid_pajek1.net": {"refused": 1},
    "sanctions/negative/sdn_s3_error_page.xml": {"refused": 1},
}

# These take as long as all others together; by day other tests load files of their formats.
LARGE = ("pole/*.zip", "sanctions/ofac_csv/*.csv", "sanctions/un/*.xml", "cdr/cider/mobilemoney.csv")


def plan(name: str) -> Plan | None:
    return next((found for pattern, found in FILES.items() if fnmatchcase(name, pattern)), None)


def is_input(name: str) -> bool:
    return not any(fnmatchcase(name, pattern) for pattern in NO_INPUT)


def is_read_now(name: str) -> bool:
    return is_input(name) and (EVERYTHING or not any(fnmatchcase(name, pattern) for pattern in LARGE))


def names(data: Path) -> list[str]:
    return sorted(each.relative_to(data).as_posix() for each in data.rglob("*") if each.is_file())


def ingest(*said: str | Path) -> str:
    """What `ingest` prints; it must be clean, or a look that knows no adapter."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(cli, [str(each) for each in said])
    assert code in (0, 1), err.getvalue()
    return out.getvalue()


@pytest.fixture(scope="module")
def reports(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What the reports say of each file that is input, by its name: an archive has several entries."""
    folder, wanted = tmp_path_factory.mktemp("outcomes"), [each for each in names(shared_data) if is_read_now(each)]
    looks = json.loads(ingest("detect", *(shared_data / each for each in wanted), "--json"))["files"]
    detected = {each["path"]: next((look["adapter"] for look in each["looks"]), "") for each in looks}
    together = dict[tuple[str, str], list[Path]]()
    for name in wanted:
        path = shared_data / name
        together.setdefault(_how(folder, path, plan(name), detected[str(path)]), []).append(path)
    with leased(folder) as url:
        found = {name: list[dict[str, Any]]() for name in wanted}
        for number, (how, paths) in enumerate(together.items()):
            for each in load(url, *paths, *how, "--dataset", str(number))[1]["files"]:
                whole = each["path"].partition("!")[0]
                found[Path(whole).relative_to(shared_data).as_posix()].append(each)
        yield found


def _how(folder: Path, path: Path, known: Plan | None, detected: str) -> tuple[str, str]:
    """The option of a load: an adapter, or a manifest that is written here or suggested for this file alone."""
    manifest = folder / f"{path.parent.name}.{path.name}.toml"
    if known and known.manifest:
        manifest.write_text(known.manifest, "utf-8")
        return "--manifest", str(manifest)
    if (known and known.adapter) or detected not in ("csv", "json", "jsonl"):
        return "--adapter", (known and known.adapter) or detected
    ingest("suggest", path, "-o", manifest)
    manifest.write_text(re.sub(r"(?ms)^questions = \[.*?^\]\n", "", manifest.read_text("utf-8")), "utf-8")
    return "--manifest", str(manifest)


def test_every_file_is_known(shared_data: Path) -> None:
    there = names(shared_data)
    assert [each for each in there if is_input(each) == (plan(each) is None)] == []
    unused = [p for p in (*FILES, *NO_INPUT) if not any(fnmatchcase(each, p) for each in there)]
    assert unused == []


def test_every_unit_has_one_outcome(reports: dict[str, list[dict[str, Any]]], shared_data: Path) -> None:
    """`load` checks that the outcomes of each entry add up to what was read; here it is counted again."""
    read = {name: sum(each["read"] for each in entries) for name, entries in reports.items()}
    again = {name: found.count(shared_data / name) for name in reports if (found := plan(name))}
    assert read == again
    assert len(read) > 140


def test_what_is_bad_is_told(reports: dict[str, list[dict[str, Any]]]) -> None:
    """All other files are accepted whole, or said the same before, or have their history folded."""
    bad = ("quarantined", "refused", "late")
    found = {name: {each: entry[each] for each in bad if entry[each]} for name, (entry, *_) in reports.items()}
    assert {name: counts for name, counts in found.items() if counts} == FAULTY
    left = {name: entry["left"] for name, (entry, *_) in reports.items() if entry["left"]}
    assert left["bods/v0.4/examples_main/fermcat.json"] == 16
    assert sorted(left) == ["bods/v0.4/checks/statement_series-valid-1.json", "bods/v0.4/examples_main/fermcat.json"]

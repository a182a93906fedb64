"""The networks under covert/ load through the command line: as many persons and ties as their tables have."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.ingest.desk import Desk
from tests.ingest.loads import load, totals

pytestmark = pytest.mark.data

# Of each network: its nodes and its edges.
NETWORKS = {
    "caviar/CAVIAR_FULL.": (110, 205),
    "caviar/CAVIAR1.": (15, 18),
    "caviar/CAVIAR2.": (24, 28),
    "caviar/CAVIAR3.": (33, 56),
    "caviar/CAVIAR4.": (33, 48),
    "caviar/CAVIAR5.": (32, 39),
    "caviar/CAVIAR6.": (27, 47),
    "caviar/CAVIAR7.": (34, 44),
    "caviar/CAVIAR8.": (42, 58),
    "caviar/CAVIAR9.": (34, 44),
    "caviar/CAVIAR10.": (42, 50),
    "caviar/CAVIAR11.": (41, 50),
    "infinito_locale/": (146, 1_569),
    "london_gang/LONDON_GANG.": (54, 315),
    "montagna/Montagna_meetings.": (144, 289),
    "montagna/Montagna_phone.": (144, 150),
    "natarajan_heroin/HEROIN_DEALING.": (38, 87),
    "oversize/OVERSIZE_ArrestWarrantnet.": (182, 378),
    "oversize/OVERSIZE_Judgement.": (182, 226),
    "oversize/OVERSIZE_WiretapRecordsnet.": (182, 494),
    "siren/SIREN.": (44, 103),
    "togo/TOGO.": (33, 47),
}
MANIFEST = """
adapter = "csv"
dataset = "covert"
[[files]]
pattern = "*nodes.csv"
[[files.records]]
name = "person"
schema = "Person"
id = "{NAME}"
properties = { name = "NAME" }
rest = "description"
[[files]]
pattern = "*edges.csv"
[[files.records]]
name = "tie"
schema = "UnknownLink"
roles = { subject = { id = "{source}" }, object = { id = "{target}" } }
rest = "description"
"""
MAIL = """
adapter = "csv"
dataset = "mail"
[[files]]
pattern = "*-labels.txt"
delimiter = " "
[[files.records]]
name = "person"
schema = "Person"
id = "{node}"
properties = { name = "node" }
[[files.records]]
name = "department"
schema = "Organization"
id = "department:{label}"
properties = { name = "label" }
[[files.records]]
name = "works there"
schema = "Membership"
roles = { member = "person", organization = "department" }
[[files]]
pattern = "edges.csv"
header = false
columns = ["source", "target"]
[[files.records]]
name = "mail"
schema = "UnknownLink"
roles = { subject = { id = "{source}" }, object = { id = "{target}" } }
"""
CRIMES = """
adapter = "csv"
dataset = "crimes"
[[files]]
pattern = "persons.csv"
[[files.records]]
name = "person"
schema = "Person"
id = "person:{number}"
properties = { name = "name", description = "sex" }
[[files]]
pattern = "crimes.csv"
[[files.records]]
name = "crime"
schema = "Offence"
id = "crime:{crime}"
properties = { name = "crime" }
[[files.records]]
name = "involved"
schema = "Involvement"
roles = { involved = { id = "person:{person}" }, event = "crime" }
[files.records.properties.capacity]
column = "role"
map = { Suspect = "suspect", Victim = "victim", Witness = "witness", "Victim Suspect" = "victim and suspect" }
"""


def test_every_network_is_named(shared_data: Path) -> None:
    there = {
        each.relative_to(shared_data / "covert").as_posix() for each in (shared_data / "covert").rglob("*nodes.csv")
    }
    assert there == {f"{name}nodes.csv" for name in NETWORKS}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network(desk: Desk, shared_data: Path, name: str) -> None:
    nodes, edges = (shared_data / f"covert/{name}{kind}.csv" for kind in ("nodes", "edges"))
    persons, ties = rows(nodes), rows(edges)
    assert (len(persons), len(ties)) == NETWORKS[name]
    manifest = desk.write("m.toml", MANIFEST.replace("NAME", next(iter(persons[0]))))
    code, report = load(desk.url, nodes, edges, "--manifest", manifest)
    units = len(persons) + len(ties)
    assert (code, totals(report)) == (0, {"read": units, "accepted": units})
    stats = desk.view().stats()
    assert (stats.entities, stats.relationships) == ({"Person": len(persons)}, {"UnknownLink": len(ties)})
    assert (stats.ties, stats.stubs) == (sum(row["source"] != row["target"] for row in ties), 0)
    assert load(desk.url, nodes, edges, "--manifest", manifest)[1]["revision"] is None


def test_locales_and_roles_of_infinito(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "covert/infinito_locale/nodes.csv"
    load(desk.url, path, "--manifest", desk.write("m.toml", MANIFEST.replace("NAME", "id")))
    said = {row["id"]: {f"role: {row['role']}", f"locale: {row['locale']}"} for row in rows(path)}
    found = {each.record.source_id: set(each.record.values()["description"]) for each in desk.records()}
    assert found == said


def test_mail_and_departments(desk: Desk, shared_data: Path) -> None:
    folder = shared_data / "covert/email_eu_core"
    labels, edges = folder / "email-Eu-core-department-labels.txt", folder / "edges.csv"
    lines = edges.read_text("utf-8").split()
    units = 1_005 + len(lines)
    report = load(desk.url, labels, edges, "--manifest", desk.write("m.toml", MAIL))[1]
    assert totals(report)["read"] == totals(report)["accepted"] == units
    stats = desk.view().stats()
    assert stats.entities == {"Person": 1_005, "Organization": 42}
    assert stats.relationships == {"Membership": 1_005, "UnknownLink": len(lines)}
    assert stats.stubs == 0


def test_suspects_victims_and_witnesses(desk: Desk, shared_data: Path) -> None:
    """The roles stand in a file of their own, line by line: they are put beside the ties first, as with `paste`."""
    start = shared_data / "covert/moreno_crime"
    ties = [line.split() for line in words(start / "out.moreno_crime_crime") if not line.startswith("%")]
    roles = words(start / "rel.moreno_crime_crime.person.role")
    names, sexes = (words(start / f"ent.moreno_crime_crime.person.{each}") for each in ("name", "sex"))
    assert (len(ties), len(names)) == (len(roles), len(sexes)) == (1_476, 829)
    pasted = [(*tie, role) for tie, role in zip(ties, roles, strict=True)]
    crimes = write(desk, "crimes.csv", [("person", "crime", "role"), *pasted])
    people = [(str(number), *each) for number, each in enumerate(zip(names, sexes, strict=True), 1)]
    persons = write(desk, "persons.csv", [("number", "name", "sex"), *people])
    code, report = load(desk.url, persons, crimes, "--manifest", desk.write("m.toml", CRIMES))
    assert (code, totals(report)) == (0, {"read": 2_305, "accepted": 2_305})
    stats = desk.view().stats()
    assert (stats.entities, stats.relationships) == ({"Person": 829, "Offence": 551}, {"Involvement": 1_476})
    assert stats.stubs == 0
    found = Counter(each.record.values()["capacity"][0] for each in desk.records() if each.record.roles)
    assert found == {"suspect": 682, "victim": 558, "witness": 195, "victim and suspect": 41}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def words(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def write(desk: Desk, name: str, table: list[tuple[str, ...]]) -> Path:
    path = desk.folder / name
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(table)
    return path

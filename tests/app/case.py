"""A small case of three agencies, written through the store's writer: who ties Rachid and Laura?

Rachid (RJP) - his phone - Nico's phone (RJP, NKP) - Nico (NKP) = Nikos (KFIU) - company - Laura (KFIU)

KFIU shows its record of Laura and the company to nobody else.
"""

from pathlib import Path

from tests.stores import fresh_url, write_viewers
from workbench.access.viewer import hash_of
from workbench.demo import Demo, write_demo
from workbench.model.grade import parse_grade
from workbench.model.ids import entity_id
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.store.types import FileReport
from workbench.view.store import GraphStore, open_store

ALL = "RESTRICTED//REL NKP,KFIU,RJP"
PASSPORT, NUMBER = "XK4471129", "+31612345678"
DATASETS = {"NKP": Dataset("NKP", "desk"), "KFIU": Dataset("KFIU", "reports"), "RJP": Dataset("RJP", "calls")}
GRADES = {"NKP": ("admiralty", "B2"), "KFIU": ("4x4", "A1"), "RJP": ("4x4", "X4")}
MARK = "of this case"
VIEWERS = """
[joint]
agencies = ["NKP", "KFIU", "RJP"]
loads = ["NKP"]
level = "SECRET"
purposes = ["investigation"]

[noordkust]
agencies = ["NKP"]
level = "SECRET"
purposes = ["investigation"]
"""


def id_of(agency: str, source_id: str) -> str:
    """The entity id for a source id in an agency's dataset."""
    return entity_id(agency, DATASETS[agency].name, source_id)


def record(
    agency: str,
    schema: str,
    source_id: str = "",
    roles: dict[str, str] | None = None,
    marking: str = ALL,
    **values: str,
) -> Record:
    """A record of an agency with single values."""
    return Record(
        schema=schema,
        dataset=DATASETS[agency],
        source_id=source_id,
        properties={name: (Value(value, value),) for name, value in values.items()},
        roles=tuple(Role(name, ref) for name, ref in (roles or {}).items()),
        marking=parse_marking(marking, agency),
        grade=parse_grade(*GRADES[agency]),
        locator="line 2",
    )


def call(agency: str, caller: str, receiver: str, date: str) -> Record:
    """A call between two phones."""
    return record(agency, "Call", roles={"caller": caller, "receiver": receiver}, date=date)


RECORDS = {
    "NKP": [
        record(
            "NKP", "Person", "nico", name="Nico <b>de Wit</b> ![x](http://example.com/a.png)", passportNumber=PASSPORT
        ),
        record("NKP", "Phone", "n", number=NUMBER),
        record("NKP", "Holding", roles={"holder": "nico", "held": "n"}, startDate="2026-01-05"),
        record("NKP", "Person", "mo", name="Mo Visser"),
        record("NKP", "Vehicle", "van", registrationNumber="GV-123-X"),
        record("NKP", "Holding", roles={"holder": "mo", "held": "van"}),
        record("NKP", "Holding", roles={"holder": "nico", "held": "van"}, marking="CONFIDENTIAL//REL NKP//HC H1"),
    ],
    "KFIU": [
        record("KFIU", "Person", "nikos", name="Νίκος Ντε Βιτ", passportNumber=PASSPORT),
        record("KFIU", "Company", "acme", name="Akti Lettings Ltd"),
        record("KFIU", "Directorship", roles={"director": "nikos", "organization": "acme"}, startDate="2024-02-01"),
        record("KFIU", "Person", "laura", name="Laura Georgiou"),
        record(
            "KFIU",
            "Directorship",
            roles={"director": "laura", "organization": "acme"},
            marking="CONFIDENTIAL//REL KFIU//HC H1,H2",
        ),
    ],
    "RJP": [
        record("RJP", "Person", "rachid", name="رشيد العلوي"),
        record("RJP", "Phone", "r", number="+212612345678"),
        record("RJP", "Holding", roles={"holder": "rachid", "held": "r"}),
        record("RJP", "Phone", "n2", number=NUMBER),
        *(call("RJP", "r", "n2", f"2026-02-{day:02}") for day in range(1, 13)),
        *(record("RJP", "Phone", f"p{n}", number=f"+2126999900{n:02}") for n in range(30)),
        *(call("RJP", "r", f"p{n}", f"2026-03-{n + 1:02}") for n in range(30)),
    ],
}


def load(store: GraphStore, agency: str, records: list[Record]) -> None:
    """Load some records as one file of an agency."""
    with store.writer(agency=agency, by="test", at="2026-05-01T10:00:00+00:00") as writer:
        number = writer.file(f"{agency.lower()}.csv", "0" * 64, "csv")
        writer.put(records, number, "2026-05-01")
        report = FileReport(f"{agency.lower()}.csv", "0" * 64, len(records), len(records))
        writer.publish(dataset=str(DATASETS[agency]), adapter="csv", files=[report])


def fill(folder: Path) -> str:
    """The URL of a demo store with the case, whose other files are in a folder, until the test ends."""
    url = fresh_url(folder, "case")
    store = open_store(url)
    for agency, records in RECORDS.items():
        load(store, agency, records)
    store.mark_as_demo(MARK)
    store.close()
    write_viewers(folder, VIEWERS)
    ends = id_of("RJP", "rachid"), id_of("KFIU", "laura")
    demo = Demo("Who ties Rachid and Laura?", *ends, "joint", store=MARK, viewers=hash_of(VIEWERS))
    write_demo(folder / "demo.json", demo)
    return url

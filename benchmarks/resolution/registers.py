"""Reads the registers that `workbench scenario --registers` makes, as they were delivered, and their truth."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from workbench.scenario.registers.agencies import PERSONS, Agency, agencies

Row = dict[str, str]
FIELDS = ("given", "family", "birth", "phone", "email", "document", "address")


def are_in(folder: Path) -> bool:
    """Whether a folder has such registers with their truth."""
    return all(_table(folder, agency).is_file() for agency in agencies()) and (folder / "said.csv").is_file()


def _table(folder: Path, agency: Agency) -> Path:
    return folder / agency.code / f"{PERSONS}.csv"


def rows(folder: Path) -> Iterator[Row]:
    """All records of persons as delivered: record (agency/source id) and what is in `FIELDS`.

    Only letters' case, the order of dates, and the spaces of numbers are made the same. What is not said is "".
    """
    for agency in agencies():
        with _table(folder, agency).open(encoding=agency.encoding, newline="") as lines:
            reader = csv.reader(lines, delimiter=agency.delimiter)
            fields = [agency.columns[PERSONS][column] for column in next(reader)]
            yield from (_row(agency, dict(zip(fields, line, strict=True))) for line in reader)


def _row(agency: Agency, told: Row) -> Row:
    given, family = _name(agency, told)
    return {
        "record": f"{agency.code}/{told['source']}",
        "given": given.lower(),
        "family": family.lower(),
        "birth": day(told["birth"], agency.day),
        "phone": digits(told["phone"])[-8:],
        "email": told["email"].lower(),
        "document": told["document"].replace(" ", "").upper(),
        "address": ", ".join(filter(None, (told.get(name, "").lower() for name in ("street", "town", "address")))),
    }


def _name(agency: Agency, told: Row) -> tuple[str, str]:
    """Given name and family name; of a whole name the first word, or the last, is the family name."""
    if "given" in told:
        return told["given"], told.get("surname", "") or told.get("family", "")
    if agency.code == "KFIU":
        family, _, given = told["whole"].partition(" ")
    else:
        given, _, family = told["whole"].rpartition(" ")
    return given, family


def day(text: str, form: str) -> str:
    """A date as ISO 8601; a year stays one."""
    return datetime.strptime(text, form).date().isoformat() if len(text) > 4 else text  # noqa: DTZ007 - a day has no zone


def digits(text: str) -> str:
    """The digits of a number."""
    return "".join(filter(str.isdigit, text))


def truth(folder: Path, kind: str = PERSONS) -> dict[str, str]:
    """The entity of each record of a kind, by agency/source id."""
    with (folder / "who.csv").open(encoding="utf-8", newline="") as lines:
        found: Iterable[Row] = csv.DictReader(lines)
        return {f"{row['agency']}/{row['source_id']}": row["entity"] for row in found if row["kind"] == kind}


def said(folder: Path, kind: str = PERSONS) -> Iterator[tuple[str, Row]]:
    """What each record of a kind says and how, by agency/source id."""
    with (folder / "said.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["kind"] == kind:
                yield f"{row['agency']}/{row['source_id']}", row

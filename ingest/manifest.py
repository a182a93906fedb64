"""Manifests, combined with the options of a load.

`docs/manifest.md` describes the format; `ingest.specs` has its models.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, reduce
from glob import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError

from ingest.fields import WIDE_ENCODINGS, AgencyCode, places
from ingest.sources.naming import fits
from ingest.specs import (
    BasisColumn,
    BasisSpec,
    FileSpec,
    GradeSpec,
    LabelSpec,
    ManifestSpec,
    RecordSpec,
    RoleSpec,
    StricterSpec,
    TypeSpec,
    ValueSpec,
    When,
)
from workbench.errors import FileRefused, InputError, UsageError
from workbench.model.grade import Grade, parse_grade
from workbench.model.marking import Level, Marking, both_markings, parse_marking
from workbench.model.record import BY_HAND, Basis, Dataset
from workbench.model.tables import described

LOCAL = "LOCAL"
DEFAULT_MARKING = "SECRET"

# The text after COMP, in any spelling, up to the next part of a marking or the end.
_COMPARTMENTS = re.compile(
    r"(?<![A-Z0-9])COMP(?![A-Z0-9])[\W_]*(.*?)(?=//|\b(?:REL|COMP|HC|PRIVILEGED)\b|$)", re.ASCII | re.DOTALL
)
_BEGINS = re.compile(rf"\s*(?:{'|'.join(Level.__members__)})\s*/")
_COMPARTMENT = re.compile(r"[A-Z0-9][A-Z0-9_-]*")

# A compartment that nobody holds, for units that mention one whose name can't be read.
_UNREADABLE = "UNREADABLE"


_NOTHING = ManifestSpec()

# What stands between the name of a file and that of a table in it; other signs of names that separate are escaped.
SHEET = "#"
_SEPARATING = re.compile(r"[!#%/\\:]")


class Handling(NamedTuple):
    """The marking, basis and grade of a record, and the part of its unit that it is."""

    marking: Marking
    basis: Basis
    grade: Grade | None
    part: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest combined with the options of a load; `origin` names it in messages.

    `defaults` is what the adapter says of files of its format.
    """

    spec: ManifestSpec
    origin: str
    agency: str
    marking: Marking
    dataset: str | None
    defaults: ManifestSpec = _NOTHING

    @property
    def source(self) -> Dataset:
        """The dataset of the records; UsageError if it has no name yet (see `within`)."""
        if self.dataset is None:
            raise UsageError("a manifest without a dataset: name one", "dataset")
        return Dataset(self.agency, self.dataset)

    def within(self, dataset: str) -> "Manifest":
        """This manifest with a name for the dataset, unless it has one."""
        return self if self.dataset else replace(self, dataset=dataset)

    def file(self, name: str) -> FileSpec | None:
        """The [[files]] entry for a file or member: the first whose pattern its name fits, see `sources.fits`.

        An entry without records has those of the adapter's own entry for the file, and its values beside its own.
        """
        mine, usual = _entry(self.spec, name), _entry(self.defaults, name)
        if mine is None or usual is None or mine.records:
            return mine or usual
        said = {each: getattr(mine, each) for each in mine.model_fields_set}
        return usual.model_copy(update={**said, "values": {**usual.values, **mine.values}})

    def written(self, name: str) -> FileSpec:
        """The [[files]] entry for a file, or the defaults. Of a table in a file it names the table as its sheet."""
        spec, sheet = self.file(name) or FileSpec(pattern="*"), sheet_of(name)
        return spec if sheet is None else spec.model_copy(update={"sheets": (escape(sheet),)})

    def handling(self, name: str) -> Handling:
        """The handling of all records of a file that has no columns for it.

        FileRefused if the manifest names such columns.
        """
        spec = _entry(self.spec, name) or FileSpec(pattern="*")
        if spec.handling_columns() or spec.records:
            message = (
                f"{name}: {self.origin}, [[files]] {spec.pattern}: this adapter has no columns and no records to map"
            )
            raise FileRefused("bad manifest", message)
        basis, grade = spec.basis or self.spec.basis, spec.grade or self.spec.grade
        return Handling(
            parse_marking(spec.marking, self.agency) if spec.marking else self.marking,
            Basis(basis) if isinstance(basis, str) else Basis.FACT,
            parse_grade(grade.scheme, grade.value) if grade and grade.value else None,
            part_prefix(spec) if spec.complete else "",
        )

    def said(self, record: RecordSpec | None, spec: FileSpec) -> tuple[str | None, Marking]:
        """The column of a record's marking or None, and its fixed marking, from the innermost table with either."""
        said = next((each for each in (record, spec) if each and (each.marking_column or each.marking)), None)
        if said is None:
            return None, self.marking
        return said.marking_column, parse_marking(said.marking, self.agency) if said.marking else self.marking

    def stricter(self, record: RecordSpec | None, spec: FileSpec) -> StricterSpec | None:
        """What makes a record's marking stricter, from the innermost table that says so."""
        return (record.stricter if record else None) or spec.stricter

    def marking_columns(self, name: str) -> frozenset[str]:
        """The columns of a file that give markings to its records."""
        return frozenset(column for column, _ in self._all_said(name) if column is not None)

    def strictest(self, name: str, texts: Iterable[str] | None) -> Marking:
        """The strictest marking that a unit could have, for a unit whose own marking can't be read.

        If a column has the markings, it is SECRET for the agency alone, with every compartment and code mentioned in
        [markings] or in the texts of the unit. If nobody can tell what these are (None), nobody may see it.
        """
        said = self._all_said(name)
        markings = [marking for column, marking in said if column is None]
        if len(markings) < len(said):
            codes = [parse_marking(text, self.agency) for text in self.spec.markings.values()]
            named = frozenset({_UNREADABLE}) if texts is None else _compartments(texts)
            markings += [self.marking, *codes, Marking(Level.SECRET, frozenset({self.agency}), named)]
        spec = self.written(name)
        found = reduce(lambda a, b: both_markings(a, b, self.agency), markings)
        demands = [self.stricter(record, spec) for record in spec.records or (None,)]
        every = [demand for said_so in demands if said_so for demand in said_so.codes.values()]
        return reduce(lambda marking, demand: demand.beside(marking, self.agency), every, found)

    def _all_said(self, name: str) -> list[tuple[str | None, Marking]]:
        spec = self.written(name)
        return [self.said(record, spec) for record in spec.records or (None,)]


def _entry(spec: ManifestSpec, name: str) -> FileSpec | None:
    last = name.rpartition("!")[2]
    fitting = (last, last.rpartition(SHEET)[0] or last)
    return next((each for each in spec.files if any(fits(one, each.pattern) for one in fitting)), None)


def sheet_name(name: str, sheet: str) -> str:
    """The name of a table in a file of this name, as `book.xlsx#Persons`."""
    return name + SHEET + _SEPARATING.sub(lambda sign: f"%{ord(sign[0]):02X}", sheet)


def sheet_of(name: str) -> str | None:
    """The table that `sheet_name` put into a name; None if there is none."""
    _, separator, sheet = name.rpartition("!")[2].rpartition(SHEET)
    return unquote(sheet) if separator else None


def _compartments(texts: Iterable[str]) -> frozenset[str]:
    """The compartments that texts may mention: better some that are none than one too few."""
    found: list[str] = []
    for text in (each.upper() for each in texts):
        parts = _COMPARTMENTS.findall(text)
        for codes in map(_COMPARTMENT.findall, parts):
            found += codes or [_UNREADABLE]
        if not parts and _is_broken(text):
            found.append(_UNREADABLE)
    return frozenset(found)


def _is_broken(text: str) -> bool:
    """Whether a text begins like a marking but is none: the fault may hide a compartment."""
    if not _BEGINS.match(text):
        return False
    try:
        parse_marking(text)
    except InputError:
        return True
    return False


def part_prefix(spec: FileSpec) -> str:
    """The prefix of the parts of all records of a file: complete deliveries withdraw pattern by pattern."""
    return f"{spec.pattern}:"


def read_manifest(path: Path) -> ManifestSpec:
    """Read and validate a manifest; InputError names the file, and each mistake with its place and what to do."""
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        return ManifestSpec.model_validate(said, context={"folder": path.parent})
    except OSError as error:
        raise InputError(
            f"manifest {path}: {error.strerror or error}: name a file that can be read", "manifest"
        ) from error
    except UnicodeDecodeError as error:
        message = f"manifest {path} is not UTF-8, which TOML always is: save it in that encoding"
        raise InputError(message, "manifest") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"manifest {path} is not TOML: {error}: correct it there", "manifest") from error
    except ValidationError as error:
        raise InputError(f"manifest {path}: {described(error)}", "manifest") from error


def settle(
    spec: ManifestSpec | None,
    origin: str,
    *,
    agency: str | None = None,
    dataset: str | None = None,
    marking: str | None = None,
    defaults: Path | None = None,
) -> Manifest:
    """Combine a manifest (or None) with the options of a load.

    The manifest's marking overrides the option's; the default is SECRET for the loading agency alone.
    An option's dataset overrides the manifest's. UsageError if the two name different agencies. `defaults` is the
    manifest of the adapter itself.
    """
    spec = spec or ManifestSpec()
    if agency and spec.agency and agency != spec.agency:
        raise UsageError(f"agency {agency} was named, and {origin} says {spec.agency}: one of them is wrong", "agency")
    loading = checked_agency(agency or spec.agency or LOCAL)
    try:
        parsed = parse_marking(spec.marking or marking or DEFAULT_MARKING, loading)
    except InputError as error:
        raise UsageError(error.message, error.field) from error
    usual = usual_manifest(defaults) if defaults else ManifestSpec()
    _check_values(spec, usual, origin)
    return Manifest(spec, origin, loading, parsed, _checked_dataset(dataset or spec.dataset), usual)


def _check_values(spec: ManifestSpec, usual: ManifestSpec, origin: str) -> None:
    """InputError for a value of an entry without records that the adapter's own mapping has not."""
    known = {name for each in usual.files for name in each.values}
    for number, entry in enumerate(spec.files):
        for name in sorted(entry.values.keys() - known) if usual.files and not entry.records else ():
            near = get_close_matches(name, known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            listed = ", ".join(sorted(known))
            said = f"no value {name!r} in the adapter's own mapping: {meant}known are {listed or 'none'}"
            raise InputError(f"manifest {origin}: files[{number}].values: {said}", "manifest")


@cache
def usual_manifest(path: Path) -> ManifestSpec:
    """The manifest of an adapter itself."""
    return read_manifest(path)


def checked_agency(code: str) -> str:
    """The code of an agency; UsageError for one that can't be one."""
    try:
        return TypeAdapter[str](AgencyCode).validate_python(code)
    except ValidationError as error:
        raise UsageError(f"agency {code!r}: {described(error)}", "agency") from error


def _checked_dataset(name: str | None) -> str | None:
    if name is not None and (not name.isprintable() or not name.strip()):
        raise UsageError(f"dataset {name!r}: give a name of printable characters", "dataset")
    if name == BY_HAND:
        raise UsageError(f"dataset {name!r} has what people draw by hand: give another name", "dataset")
    return name


__all__ = [
    "DEFAULT_MARKING",
    "LOCAL",
    "WIDE_ENCODINGS",
    "BasisColumn",
    "BasisSpec",
    "FileSpec",
    "GradeSpec",
    "Handling",
    "LabelSpec",
    "Manifest",
    "ManifestSpec",
    "RecordSpec",
    "RoleSpec",
    "StricterSpec",
    "TypeSpec",
    "ValueSpec",
    "When",
    "checked_agency",
    "part_prefix",
    "places",
    "read_manifest",
    "settle",
    "sheet_name",
    "sheet_of",
]

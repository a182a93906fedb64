"""The models of a manifest's TOML tables.

Every name is checked against the ontology when the manifest is read, so that a wrong name is an error
at once, and not after a million rows.
"""

from ingest.specs.conditions import When
from ingest.specs.files import FileSpec, Written
from ingest.specs.graph import LabelSpec, TypeSpec
from ingest.specs.handling import BasisColumn, BasisSpec, Demand, GradeSpec, StricterSpec
from ingest.specs.records import Each, RecordSpec, RoleSpec
from ingest.specs.values import Origin, Splitter, ValueSpec
from ingest.specs.whole import ManifestSpec

__all__ = [
    "BasisColumn",
    "BasisSpec",
    "Demand",
    "Each",
    "FileSpec",
    "GradeSpec",
    "LabelSpec",
    "ManifestSpec",
    "Origin",
    "RecordSpec",
    "RoleSpec",
    "Splitter",
    "StricterSpec",
    "TypeSpec",
    "ValueSpec",
    "When",
    "Written",
]

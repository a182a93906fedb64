"""Types for the integers that stand for entities, records, classes and revisions, so that none is mistaken for another.

Arrays hold plain integers; a single number, or the key of a mapping, has one of these types.
"""

from typing import NewType

EntityNumber = NewType("EntityNumber", int)
"""An entity in the columns of a view or a store; each referent of a canonical entity has its own."""

Place = NewType("Place", int)
"""A canonical entity: its index among the nodes of a snapshot, or of any other graph that is walked."""

RecordNumber = NewType("RecordNumber", int)
"""A record in the columns of a view or a store."""

ClassNumber = NewType("ClassNumber", int)
"""A class of visibility."""

RevisionNumber = NewType("RevisionNumber", int)
"""A revision, known inside the store only: views show tokens instead."""

"""What a bare number stands for: one of each kind is not taken for another.

Arrays hold them as they are; a single one, or the key of a mapping, has its type.
"""

from typing import NewType

EntityNumber = NewType("EntityNumber", int)
"""An entity among the columns of a view, or of a store: referents of one canonical entity are apart."""

Place = NewType("Place", int)
"""A canonical entity among the nodes of a snapshot, or of whatever else somebody walks in."""

RecordNumber = NewType("RecordNumber", int)
"""A record among the columns of a view, or of a store."""

ClassNumber = NewType("ClassNumber", int)
"""A class of visibility."""

RevisionNumber = NewType("RevisionNumber", int)
"""A revision of a store, known to it alone: views tell tokens."""

"""Tell another process of ours what to read: it takes its own adapter of a name, as not all can be sent."""

import io
import pickle

from ingest.formats import ADAPTERS, Adapter
from ingest.messages import Question

# As they are when a process begins, whatever is put into the mapping later.
_OURS = dict(ADAPTERS)


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: object) -> str | None:
        """The name of an adapter of ours; None for anything else, which is told by what is in it."""
        if isinstance(obj, Adapter):
            return next((name for name, each in _OURS.items() if each is obj), None)
        return None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: str) -> Adapter:
        """Our own adapter of a name."""
        return _OURS[pid]


def told(question: Question) -> bytes:
    """A question as bytes; pickle's errors if another process could not import something in it."""
    said = io.BytesIO()
    _Pickler(said).dump(question)
    return said.getvalue()


def heard(said: bytes) -> Question:
    """The question that the process which started this one asks; any error if this one can't import it."""
    question: Question = _Unpickler(io.BytesIO(said)).load()
    return question

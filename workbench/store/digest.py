"""The digest of the content of a view, or of a whole store, at one revision."""

import hashlib

from workbench.store import registers
from workbench.store.backend import Backend
from workbench.store.types import Scope, overridden


def content_digest(backend: Backend, scope: Scope) -> str:
    """A hash of records, markings, judgements and common values: 64 hex digits.

    It covers no revision, time or file name, so two stores with the same content have the same digest. Of a record it
    covers the key, which was made from the content: `store/contents.py` tells whether the content is still that.
    """
    state = hashlib.sha256()
    judgements = registers.judgements(backend, scope)
    aside = overridden(judgements)
    judged = sorted((j.a, j.b, j.verdict, j.why, "outweighed" if j.id in aside else "") for j in judgements)
    listed = ((e.kind, e.value, e.agency, e.marking) for e in registers.commons(backend, scope))
    for part in (backend.keys(scope), judged, listed):
        for row in part:
            state.update(("\x1f".join(row) + "\n").encode())
        state.update(b"\n")
    return state.hexdigest()

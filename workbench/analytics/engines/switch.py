"""Letting plain networkx calls be answered by our engines."""

import networkx as nx
from networkx.utils.backends import backends

_NAME = "workbench"


def switch_on() -> bool:
    """Put our backend before networkx itself, for all graphs of this process; returns whether it is there.

    It is not where the project runs without being installed, nor where `nx.config.backends.workbench.automatic` is
    False. Backends that were put first stay first. networkx's warning about graphs that it keeps is not shown: what
    it warns of, weights that were changed in place, our backend reads anew.
    """
    if _NAME not in backends or not nx.config.backends[_NAME].automatic:
        return False
    chosen = nx.config.backend_priority.algos
    if _NAME not in chosen:
        nx.config.backend_priority.algos = [*chosen, _NAME]
    nx.config.warnings_to_ignore |= {"cache"}
    return True

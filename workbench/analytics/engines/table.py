"""The table of engines: which libraries can do what, the best first.

- *arrays* is numpy and scipy, which are loaded anyway. It does what needs no queue: its products of
  sparse with dense matrices beat the loops of both libraries where shortest paths are short.
- *networkit* (MIT) is the engine of large networks. Loading it takes 1.6 s of CPU, so small ones go without.
- *igraph* (GPL) is an extra. It is taken, where it is installed, for what has one right answer; never for
  partitions, which would then depend on what is installed.
- *networkx* is the oracle: it can do everything but Leiden, slowly.

Everything runs on one thread: networkit's Leiden gave six partitions in six runs on two.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import NamedTuple

from workbench.analytics.engines.network import Network
from workbench.errors import UsageError

ENGINES = ("arrays", "networkit", "igraph", "networkx")
WORTH_LOADING = 500  # nodes from which loading networkit costs less than it saves
_MANY = 50_000  # nodes from which a loop over them misses the cache of a processor at every step
_DEEP = 40  # levels of a search from which products of matrices are slower than loops


class Way(NamedTuple):
    """An engine, and the networks for which it is the best choice if no earlier one is."""

    engine: str
    suits: Callable[[Network], bool]


def _any(_: Network) -> bool:
    return True


def _undirected(network: Network) -> bool:
    return not network.directed


def _large(network: Network) -> bool:
    return network.n >= WORTH_LOADING and not network.directed


def _shallow(network: Network) -> bool:
    from workbench.analytics.engines.by_arrays import depth

    return depth(network) < _DEEP


def _loops_win(network: Network) -> bool:
    return network.n < _MANY or not _shallow(network)


def _small_or_shallow(network: Network) -> bool:
    return network.n < WORTH_LOADING or _shallow(network)


_ARRAYS, _NETWORKX = Way("arrays", _any), Way("networkx", _any)
_NETWORKIT, _IGRAPH = Way("networkit", _large), Way("igraph", _loops_win)
_BY_LOOPS = (Way("igraph", _undirected), _NETWORKIT, _NETWORKX)

TABLE: dict[str, tuple[Way, ...]] = {
    "betweenness": (_IGRAPH, Way("arrays", _small_or_shallow), Way("networkit", _any), _ARRAYS, _NETWORKX),
    "betweenness_from": (_IGRAPH, _ARRAYS, _NETWORKX),
    "blocks": _BY_LOOPS,
    "closeness": (_NETWORKIT, _ARRAYS, _NETWORKX),
    "core_number": _BY_LOOPS,
    "distances": (_ARRAYS, _NETWORKX),
    "leiden": (Way("networkit", _undirected), Way("igraph", _undirected)),
    "louvain": (Way("networkit", _large), _NETWORKX, Way("networkit", _undirected), Way("igraph", _undirected)),
    "pagerank": (_ARRAYS, _NETWORKX),
    "scores": (_ARRAYS, _NETWORKX),
    "strong_parts": (_ARRAYS, _NETWORKX),
    "top_pairs": (_ARRAYS, _NETWORKX),
    "triangles": (_NETWORKIT, _ARRAYS, _NETWORKX),
    "weak_parts": (_ARRAYS, _NETWORKX),
}


@cache
def is_installed(engine: str) -> bool:
    """Whether an engine can be used here; only igraph may be missing."""
    return engine != "igraph" or find_spec("igraph") is not None


def engine_for(operation: str, network: Network) -> str:
    """The engine that an operation on a network is given to."""
    return next(way.engine for way in TABLE[operation] if is_installed(way.engine) and way.suits(network))


def lasting_engine_for(operation: str, network: Network) -> str:
    """As `engine_for`, but never an extra: for findings, which must be the same to the last digit everywhere."""
    return next(way.engine for way in TABLE[operation] if way.engine != "igraph" and way.suits(network))


def engines_of(operation: str) -> tuple[str, ...]:
    """The engines here that can do an operation on some networks, the best first."""
    return tuple(dict.fromkeys(way.engine for way in TABLE[operation] if is_installed(way.engine)))


def module_for(operation: str, network: Network, engine: str | None = None) -> ModuleType:
    """The module of an engine, by default the best one; UsageError for one that can't do this here."""
    if engine is not None and engine not in engines_of(operation):
        raise UsageError(f"no engine {engine!r} for {operation}: one of {', '.join(engines_of(operation))}")
    if not network.m and operation not in ("leiden", "louvain"):  # libraries fail, each in its own way
        engine = next(each for each in ("arrays", "networkx") if each in engines_of(operation))
    return import_module(f"workbench.analytics.engines.by_{engine or engine_for(operation, network)}")

"""Backgrounds without a plot, told to four agencies whose files nobody keeps."""

import io
from collections import Counter
from contextlib import ExitStack, closing

from workbench.scenario.background.network import Network, Shared, plan
from workbench.scenario.background.shape import Structure, shape_of
from workbench.scenario.background.telling import tell
from workbench.scenario.numbers import Numbers
from workbench.scenario.offices.kition import Kition
from workbench.scenario.offices.noordkust import Noordkust
from workbench.scenario.offices.rif import Rif
from workbench.scenario.offices.trakia import Trakia
from workbench.scenario.picture import Picture
from workbench.scenario.saying import Ledger, Listener
from workbench.scenario.stage import SALTMARSH, Cast, Stage

ALONE = Shared(dispatcher=False, exchange=False, agent=False)


def network_of(records: int, seed: int, structure: Structure = "communities") -> Network:
    found = plan(records, seed, shape_of(seed, structure), ALONE)
    assert found
    return found


def told_to(listener: Listener, network: Network) -> None:
    """Tell a background without a plot."""
    with ExitStack() as stack:
        offices = [
            stack.enter_context(closing(kind(lambda agency, name: _Nowhere(), listener)))
            for kind in (Noordkust, Trakia, Kition, Rif)
        ]
        numbers = Numbers(network.seed)
        nkp, trc, kfiu, rjp = offices
        assert isinstance(nkp, Noordkust)
        assert isinstance(trc, Trakia)
        assert isinstance(kfiu, Kition)
        assert isinstance(rjp, Rif)
        tell(Stage(Cast(network.seed, numbers), SALTMARSH, nkp, trc, kfiu, rjp), numbers, network, lambda: None)


class _Nowhere(io.StringIO):
    """A file that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def ledger_of(network: Network) -> Ledger:
    ledger = Ledger()
    told_to(ledger, network)
    return ledger


def picture_of(ledger: Ledger, agencies: tuple[str, ...]) -> Picture:
    return Picture((one for one in ledger.records if one.agency in agencies), ledger.who)


def kinds_of(ledger: Ledger) -> Counter[tuple[str, str, bool]]:
    """How many records there are of each kind."""
    return Counter((one.agency, one.schema, one.is_relationship) for one in ledger.records)

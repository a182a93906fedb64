"""What some agencies see of a background: how many ties between persons, and how many common values.

The rules are those of `picture.py`, over arrays: there they are for the few of a plot, here for millions.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from workbench.scenario.background.chance import Truths, Whole
from workbench.scenario.background.network import Links, Network
from workbench.scenario.background.population import AGENCIES, KFIU, NKP, RJP, TRC
from workbench.scenario.picture import MOST_CALLERS, MOST_HOLDERS


class Seen:
    """A background as each set of agencies sees it. A pair of persons is one number, so that pairs can be sorted."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._people = len(network.population.people)
        self._found: dict[tuple[str, int], Whole] = {}
        self._ways: dict[str, Callable[[int], Whole]] = {
            "homes": self._homes,
            "companies": self._companies,
            "vehicles": self._vehicles,
            "calls": self._calls,
            "payments": self._payments,
        }

    def ties(self, agencies: Iterable[str]) -> int:
        """How many pairs of persons are tied in the files of some agencies."""
        seen = sum(1 << AGENCIES.index(agency) for agency in agencies)
        parts = [self._part(kind, seen & whose) for kind, whose in _WHOSE.items() if seen & whose]
        return len(np.unique(np.concatenate(parts)))

    def common(self) -> Counter[str]:
        """How many common values all agencies together see, by what they are."""
        places = (*self._network.lives.values(), self._network.sits)
        return +Counter(
            {
                "Address": sum(int(_over(each.b, MOST_HOLDERS).sum()) for each in places),
                "BankAccount": int(self._common_accounts().sum()),
                "Phone": int(self._common_phones(NKP | RJP).sum()),
                "Vehicle": int(self._common_vehicles(NKP | TRC).sum()),
            }
        )

    def _part(self, kind: str, seen: int) -> Whole:
        """The pairs that are tied in one way, in order."""
        if (kind, seen) not in self._found:
            self._found[kind, seen] = np.unique(self._ways[kind](seen))
        return self._found[kind, seen]

    # -- what is shared -----------------------------------------------------------------------------

    def _homes(self, seen: int) -> Whole:
        lives = [self._network.lives[agency] for agency in (NKP, RJP) if seen & agency]
        return np.concatenate([self._sharers(each, _over(each.b, MOST_HOLDERS)) for each in lives])

    def _companies(self, seen: int) -> Whole:
        network = self._network
        links = _all(each for each, agency in ((network.directs, KFIU), (network.works, NKP)) if seen & agency)
        return self._sharers(links, np.zeros(0, np.bool_))

    def _vehicles(self, seen: int) -> Whole:
        return self._sharers(self._drives(seen), self._common_vehicles(seen))

    def _drives(self, seen: int) -> Links:
        network = self._network
        return _all(each for each, agency in ((network.crosses, TRC), (network.uses, NKP)) if seen & agency)

    def _common_vehicles(self, seen: int) -> Truths:
        """Those that more persons than a few drive or own; a haulier is one more."""
        drives, many = self._distinct(self._drives(seen)), len(self._network.population.vehicles)
        owners = np.bincount(self._network.owns.a, minlength=many) if seen & TRC else np.zeros(many, np.int64)
        return np.asarray(np.bincount(drives.b, minlength=many) + owners > MOST_HOLDERS)

    def _distinct(self, links: Links) -> Links:
        codes = np.unique(links.b * self._people + links.a)
        return Links(codes % self._people, codes // self._people)

    def _sharers(self, links: Links, aside: Truths) -> Whole:
        """All pairs of persons who share a thing that is not set aside."""
        links = self._distinct(links)
        kept = ~aside[links.b] if len(aside) else np.ones(len(links), np.bool_)
        who, what = links.a[kept], links.b[kept]
        found, apart = [np.zeros(0, np.int64)], 1
        while apart < len(who) and (same := what[apart:] == what[:-apart]).any():
            found.append(who[:-apart][same] * self._people + who[apart:][same])
            apart += 1
        return np.concatenate(found)

    # -- what goes across ---------------------------------------------------------------------------

    def _calls(self, seen: int) -> Whole:
        links, aside = self._pairs(self._called(seen)), self._common_phones(seen)
        held = self._network.population.people.known & seen > 0
        kept = held[links.a] & held[links.b] & ~aside[links.a] & ~aside[links.b]
        return self._codes(links.a[kept], links.b[kept])

    def _called(self, seen: int) -> Links:
        return _all(self._network.called[agency] for agency in (NKP, RJP) if seen & agency)

    def _common_phones(self, seen: int) -> Truths:
        """Those that more others than a few call."""
        links = self._pairs(self._called(seen))
        return np.asarray(np.bincount(links.b, minlength=self._people) > MOST_CALLERS)

    def _pairs(self, links: Links) -> Links:
        """Each caller and called once."""
        codes = np.unique(links.a * self._people + links.b)
        return Links(codes // self._people, codes % self._people)

    def _payments(self, seen: int) -> Whole:
        pays, aside, holder = self._network.pays, self._common_accounts(), self._network.accounts.holder
        kept = ~aside[pays.a] & ~aside[pays.b] & (holder[pays.a] >= 0) & (holder[pays.b] >= 0)
        return self._codes(holder[pays.a[kept]], holder[pays.b[kept]])

    def _common_accounts(self) -> Truths:
        """Those with more counterparts than a few; the plot's exchange is one more."""
        pays, many = self._network.pays, len(self._network.accounts)
        codes = np.unique(np.minimum(pays.a, pays.b) * many + np.maximum(pays.a, pays.b))
        partners = np.bincount(codes // many, minlength=many) + np.bincount(codes % many, minlength=many)
        partners[self._network.changes] += 1
        return np.asarray(partners > MOST_HOLDERS)

    def _codes(self, a: Whole, b: Whole) -> Whole:
        apart = a != b
        return np.asarray(np.minimum(a, b)[apart] * self._people + np.maximum(a, b)[apart])


# The agencies whose files decide which persons are tied in each way.
_WHOSE = {
    "homes": NKP | RJP,
    "companies": KFIU | NKP,
    "vehicles": NKP | TRC,
    "calls": KFIU | NKP | RJP | TRC,
    "payments": KFIU,
}


def _all(links: Iterable[Links]) -> Links:
    found = [Links(np.zeros(0, np.int64), np.zeros(0, np.int64)), *links]
    return Links(np.concatenate([each.a for each in found]), np.concatenate([each.b for each in found]))


def _over(things: Whole, most: int) -> Truths:
    """Which of some things have more ties than so many."""
    return np.asarray(np.bincount(things) > most)

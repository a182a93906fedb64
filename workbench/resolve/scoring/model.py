"""The model that pairs are scored by: what it was trained on, and what of it views use."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from workbench.model.claims import NORMALISER
from workbench.store.scores import normaliser_of

# Raise this when weights are computed differently: then all pairs are scored again. So they are with another
# normaliser, by whose forms they were compared.
VERSION = 6
_HEX = 16
RAREST = 2


@dataclass(frozen=True, slots=True)
class Model:
    """What pairs are scored by.

    - `slips`, `twins`: see `workbench.view.scored.Model`.
    - `rarity`: how rare skeletons of words are, in bits, by keyed hash.
    - `rarest`: how rare all others are: as rare as if `RAREST` facets had them; None if nothing was counted.
    """

    slips: bool = False
    twins: bool = True
    rarity: Mapping[str, float] = field(default_factory=dict)
    rarest: float | None = None
    version: int = VERSION
    normaliser: int = NORMALISER

    def kept(self) -> str:
        """The model as it is kept in a store."""
        body = {
            "version": self.version,
            "normaliser": self.normaliser,
            "rarity": dict(self.rarity),
            "rarest": self.rarest,
            "views": {"slips": self.slips, "twins": self.twins},
        }
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()

    @classmethod
    def read(cls, kept: str) -> "Model":
        """The model that `kept` returned."""
        body = orjson.loads(kept)
        return cls(
            **body["views"],
            rarity=body["rarity"],
            rarest=body["rarest"],
            version=body["version"],
            normaliser=normaliser_of(kept),
        )

    @property
    def is_older(self) -> bool:
        """Whether what it scored has to be scored again."""
        return (self.version, self.normaliser) != (VERSION, NORMALISER)

    @property
    def facets(self) -> int:
        """On how many facets it was trained; 0 if it was not."""
        return 0 if self.rarest is None else round(RAREST * 2**self.rarest)

    def rarity_of(self, skeleton: str, secret: str) -> float | None:
        """How rare a skeleton is, in bits; None if nothing was counted."""
        return self.rarity.get(hashed(skeleton, secret), self.rarest)


def hashed(skeleton: str, secret: str) -> str:
    """The keyed hash of a skeleton, so that nobody who reads the store's file sees which words it has."""
    return hmac.digest(secret.encode(), f"skeleton {skeleton}".encode(), "sha256").hex()[:_HEX]

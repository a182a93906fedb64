"""The chance of a lead, or why it has none, and how that is told."""

NOTHING_TO_SAY, RECORDED, GONE = "nothing to say", "then recorded", "no lead then"
# The probability of a lead in another view; or why it has none there: the network tells nothing, the two have a
# recorded tie, or one of them has none at all.
Chance = float | str


def share(chance: Chance) -> str:
    """A probability as text, or why there is none.

    >>> share(0.314), share(0.0004), share(0.9999), share("nothing to say")
    ('0.31', 'under 0.01', 'over 0.99', 'nothing to say')
    """
    if isinstance(chance, str):
        return chance
    return "under 0.01" if chance < 0.005 else "over 0.99" if chance >= 0.995 else f"{chance:.2f}"

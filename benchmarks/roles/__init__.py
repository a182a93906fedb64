"""How far ranks and disruption can be relied on, when ties and persons are missing."""

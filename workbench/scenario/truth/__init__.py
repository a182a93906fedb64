"""The truth of a plot: written from its plan, checked by the plan's own picture of it."""

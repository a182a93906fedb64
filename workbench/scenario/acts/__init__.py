"""The acts of a plot: who does what, and which agency writes it down."""

"""A chart as it leaves the dashboard: as on the canvas, with what a reader must know about it."""

"""Measure what adapters take; see `benchmarks.ingest.__main__`."""

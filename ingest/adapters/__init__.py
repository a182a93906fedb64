"""Adapters: each reads one format, and says what is in a file unit by unit. `ingest.formats` registers them."""

"""Suggesting: write a first manifest for a table, with a question for everything that its content does not tell."""

from ingest.suggesting.writing import ROWS, suggest

# The adapters whose files are tables that a manifest maps.
TABLES = ("csv", "json", "jsonl", "parquet", "sql", "xlsx")

__all__ = ["ROWS", "TABLES", "suggest"]

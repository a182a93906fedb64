"""Stores: where records are kept. They are read through `workbench.view` only."""

"""Stores and views: where records are kept, and the only way to read them."""

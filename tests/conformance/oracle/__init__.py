"""The correct answers of a store, in plain Python: slow, obvious, and without any code of a store."""

"""The embedded store: one SQLite file, with one writing process and many reading ones."""

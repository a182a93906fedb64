"""The suite that every kind of store must pass, and the first one for a new kind; see `CONTRIBUTING.md`."""

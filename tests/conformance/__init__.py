"""What every kind of store must answer: the first suite for one that is new. `CONTRIBUTING.md` says how to run it."""

"""What a store must answer, in plain Python: slow, obvious, and sharing no code with a store."""

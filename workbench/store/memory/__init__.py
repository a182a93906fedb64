"""A store in the memory of one process: the reference for writing another kind. Start with `backend`."""

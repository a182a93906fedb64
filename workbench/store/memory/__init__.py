"""A store in the memory of one process: the reference for who writes another kind. Begin with `backend`."""

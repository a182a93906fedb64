"""The two laws of a view, for every function that reads one."""

"""The Joint Intelligence Workbench."""

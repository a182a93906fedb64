"""The four agencies: what each writes down, in its own files, columns and script."""

"""The model: ontology, records, grades, markings, claims, ids. No I/O beyond its own data."""

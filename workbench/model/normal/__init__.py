"""Normal forms: of one value, what is the same however it is written. Originals are kept beside them, untouched."""

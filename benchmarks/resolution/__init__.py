"""How well persons and organisations are told apart and joined, against labelled data."""

"""How good predicted relationships are, and how often they are held back where there is nothing to say."""

"""The background of a plot: a network of people who have nothing to do with it, as large as is asked for."""

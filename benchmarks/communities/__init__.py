"""Communities, measured: `python -m benchmarks.communities --data FOLDER`."""

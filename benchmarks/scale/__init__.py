"""What commands take in a cold process, at growing sizes: run `python -m benchmarks.scale --json`."""

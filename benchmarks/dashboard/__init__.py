"""What the dashboard takes: beside an empty page, with many analysts at once, and at each step of one."""

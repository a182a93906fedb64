"""Viewers, purposes, and the rules for what each may read."""

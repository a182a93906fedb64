"""Adapters and the pipeline that brings files in."""

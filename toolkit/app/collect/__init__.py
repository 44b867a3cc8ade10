"""Collect: a run in the background."""

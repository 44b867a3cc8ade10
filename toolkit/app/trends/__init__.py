"""Trends: how it moves, and what changed."""

"""Mismatches: the pairs behind every number."""

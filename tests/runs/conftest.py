"""Connections to emulators for these tests."""

from emulated import way

__all__ = ["way"]

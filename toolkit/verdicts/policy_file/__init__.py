"""The policy as a file: how it is read, what stands on which line, and how it is written into."""

from toolkit.verdicts.policy_file.reading import load_policy

__all__ = ["load_policy"]

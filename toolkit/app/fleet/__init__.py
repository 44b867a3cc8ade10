"""Fleet: every organization of a store in one row, the worst first."""

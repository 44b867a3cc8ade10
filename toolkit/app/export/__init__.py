"""Export: what is taken away."""

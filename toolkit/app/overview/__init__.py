"""Overview: the answer in one sentence, the key figures, and where the accounts are."""

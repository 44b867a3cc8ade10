"""Account: some accounts asked about here and now."""

"""GovCloud list: what the GovCloud organization itself says of its accounts."""

"""Links: the WorkSpaces account links."""

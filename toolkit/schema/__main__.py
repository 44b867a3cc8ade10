"""Print the data dictionary."""

from toolkit.schema.dictionary import data_dictionary

print(data_dictionary(), end="")  # noqa: T201 - this is what running the module is for

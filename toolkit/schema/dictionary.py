"""The data dictionary: every table that an analyst meets, as a page."""

from toolkit.schema.judged import TABLES


def data_dictionary() -> str:
    """Return every table as Markdown: one heading a table, one row a column.

    It is `docs/data-dictionary.md`: python -m toolkit.schema > docs/data-dictionary.md
    """
    kinds = {
        "id": "text, 12 digits",
        "text": "text",
        "state": "text",
        "word": "category",
        "time": "time, UTC",
        "count": "whole number",
        "number": "number",
        "flag": "true or false",
    }
    parts = [
        "# Data dictionary\n",
        "Ids are text of 12 digits, leading zeros included. Times are UTC.\n",
        "`python -m toolkit.schema` makes this page from `toolkit/schema/`.\n",
    ]
    for table in TABLES:
        parts.append(f"## {table.name}\n\nOne row per {table.grain}.\n")
        parts.append("| column | holds | meaning | from |\n| --- | --- | --- | --- |")
        for column in table.columns:
            words = f" ({', '.join(column.vocabulary)})" if column.kind == "word" else ""
            parts.append(
                f"| `{column.name}` | {kinds[column.kind]}{words} | {column.meaning}"
                f" | {column.source} |"
            )
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"

"""The tags of accounts, in bulk."""

from collections.abc import Iterable

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.fetch.paged import Answer, Paged
from toolkit.fetch.rows import Row, tag_rows
from toolkit.schema import CallerKind


class Tags(Paged):
    """Lists every account that has a tag, a hundred a page.

    Accounts belong to the management account, so others are told of none.
    """

    table = schema.TAGS
    operations = (ops.GET_RESOURCES,)
    told = (CallerKind.MANAGEMENT,)
    rate = 15.0
    leads_on = "PaginationToken"

    def page(self, token: str | None) -> Answer:
        """Call resourcegroupstaggingapi GetResources."""
        return self.desk.aws.get_resources_page(token)

    def rows(self, answer: Answer) -> Iterable[Row]:
        """Return the tags of a page as TAGS rows."""
        return tag_rows(answer["ResourceTagMappingList"])

"""A rectangle on a slide, and the parts that it is cut into."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Area:
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height

    def upper(self, height: float) -> "Area":
        """Return its upper part."""
        return replace(self, height=height)

    def below(self, height: float) -> "Area":
        """Return what is left when its upper part is taken."""
        return replace(self, top=self.top + height, height=self.height - height)

    def columns(self, count: int, gap: float) -> list["Area"]:
        """Return it cut into equal columns with gaps between them."""
        width = (self.width - gap * (count - 1)) / count
        return [
            replace(self, left=self.left + i * (width + gap), width=width) for i in range(count)
        ]

    def rows(self, count: int) -> list["Area"]:
        """Return it cut into equal rows."""
        height = self.height / count
        return [replace(self, top=self.top + i * height, height=height) for i in range(count)]

    def split(self, share: float, gap: float) -> tuple["Area", "Area"]:
        """Return a left part, which has that share of the width, and the rest."""
        width = (self.width - gap) * share
        left = replace(self, width=width)
        return left, replace(self, left=left.right + gap, width=self.width - gap - width)

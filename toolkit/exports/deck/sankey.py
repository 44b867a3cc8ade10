"""A native Sankey: PowerPoint has no such chart, so it is drawn from bars and curved ribbons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Inches

from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.measure import line_height, text_width
from toolkit.exports.deck.shapes import add_box, add_text, describe
from toolkit.exports.deck.stage import Area, Stage

_NODE: Final = 0.2
_GAP: Final = 0.16
_THINNEST: Final = 0.035
_ASIDE: Final = 0.14
_ALPHA: Final = 62
_LABELS: Final = 0.3
"""The share of the width that the labels of one side may take before they are set smaller."""

_MORE: Final = 1.05
"""How much wider a label may come out than it was measured."""


@dataclass(frozen=True)
class Flow:
    """One ribbon: from a node on the left to one on the right, how many, and its colour."""

    source: str
    target: str
    count: int
    colour: str
    word: str


@dataclass(frozen=True)
class _Ribbon:
    flow: Flow
    left: float
    right: float
    thickness: float


def add_sankey(
    stage: Stage,
    slide: Slide,
    area: Area,
    flows: Sequence[Flow],
    colours: Mapping[str, str],
    *,
    order: Sequence[str],
    alt: str,
) -> Shape:
    """Add ribbons from left nodes to right nodes; height is proportional to the count.

    `order` is the nodes' order from top to bottom on both sides, `colours` theirs. The smallest
    flows are drawn a little thicker than they are, so that none disappears.
    """
    totals = _totals(flows)
    labels = [f"{name} ({count:,})" for side in totals for name, count in side.items()]
    points, label = _label_width(stage, labels, area.width)
    inner = Area(area.left + label, area.top, area.width - 2 * label, area.height)
    ribbons, lefts, rights = _laid_out(inner, flows, order)
    group: Shape = slide.shapes.add_group_shape()
    # Wide ribbons first: a thin one that crosses stays in sight.
    for ribbon in sorted(ribbons, key=lambda ribbon: -ribbon.flow.count):
        group._element.append(  # noqa: SLF001 - curved freeforms have no public way
            _drawn(group, ribbon, inner.left + _NODE, inner.right - _NODE)
        )
    for nodes, left in ((lefts, inner.left), (rights, inner.right - _NODE)):
        for name, (top, height) in nodes.items():
            node = add_box(group, Area(left, top, _NODE, height), colours[name])
            node.name = f"Node: {name}"
    describe(group, alt, name="Flows")
    for side, nodes in enumerate((lefts, rights)):
        left = area.left if side == 0 else inner.right + _ASIDE
        high = line_height(points)
        for name, top in _label_tops(nodes, high, area).items():
            add_text(
                slide,
                Area(left, top, label - _ASIDE, high),
                f"{name} ({totals[side][name]:,})",
                size=points,
                bold=True,
                align="right" if side == 0 else "left",
                anchor="middle",
            ).name = "Node label"
    for ribbon in ribbons:
        _add_count(stage, slide, inner, ribbon)
    return group


def _totals(flows: Sequence[Flow]) -> tuple[dict[str, int], dict[str, int]]:
    lefts: dict[str, int] = {}
    rights: dict[str, int] = {}
    for flow in flows:
        lefts[flow.source] = lefts.get(flow.source, 0) + flow.count
        rights[flow.target] = rights.get(flow.target, 0) + flow.count
    return lefts, rights


_Nodes = dict[str, tuple[float, float]]


def _laid_out(
    area: Area, flows: Sequence[Flow], order: Sequence[str]
) -> tuple[list[_Ribbon], _Nodes, _Nodes]:
    """Place nodes and the ends of ribbons, so that ribbons of one node do not cross each other."""
    rank = {name: index for index, name in enumerate(order)}
    sides = _totals(flows)
    gaps = _GAP * (max(len(side) for side in sides) - 1)
    total = sum(flow.count for flow in flows)
    room = area.height - gaps
    per_pair = room / total
    thickness = {flow: max(flow.count * per_pair, _THINNEST) for flow in flows}
    # What the thin ones were given is taken from all, so that the picture keeps its height.
    shrink = room / max(
        sum(thickness.values()),
        room,
    )
    thickness = {flow: value * shrink for flow, value in thickness.items()}
    ends: dict[tuple[int, Flow], float] = {}
    nodes: list[_Nodes] = []
    for side, counts in enumerate(sides):
        names = sorted(counts, key=lambda name: rank[name])
        used = sum(thickness.values()) + _GAP * (len(names) - 1)
        top = area.top + (area.height - used) / 2
        placed: _Nodes = {}
        for name in names:
            own = [flow for flow in flows if (flow.source, flow.target)[side] == name]
            own.sort(key=lambda flow: rank[(flow.target, flow.source)[side]])
            start = top
            for flow in own:
                ends[side, flow] = top
                top += thickness[flow]
            placed[name] = (start, top - start)
            top += _GAP
        nodes.append(placed)
    ribbons = [_Ribbon(flow, ends[0, flow], ends[1, flow], thickness[flow]) for flow in flows]
    return ribbons, nodes[0], nodes[1]


def _drawn(group: Any, ribbon: _Ribbon, left: float, right: float) -> Any:
    top = min(ribbon.left, ribbon.right)
    bottom = max(ribbon.left, ribbon.right) + ribbon.thickness
    width, height = int(Inches(right - left)), int(Inches(bottom - top))
    half = width // 2

    def down(inches: float) -> int:
        return int(Inches(inches - top))

    a, b = down(ribbon.left), down(ribbon.right)
    c, d = down(ribbon.right + ribbon.thickness), down(ribbon.left + ribbon.thickness)
    identity = max(int(i) for i in group._element.xpath("//p:cNvPr/@id")) + 1  # noqa: SLF001 - as above
    flow = ribbon.flow
    shape = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{identity}" name="Flow"/>'
        "<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>"
        f'<a:off x="{Inches(left)}" y="{Inches(top)}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{width}" h="{height}"><a:moveTo><a:pt x="0" y="{a}"/></a:moveTo>'
        f"{_curve((half, a), (half, b), (width, b))}"
        f'<a:lnTo><a:pt x="{width}" y="{c}"/></a:lnTo>'
        f"{_curve((half, c), (half, d), (0, d))}<a:close/></a:path></a:pathLst></a:custGeom>"
        f'<a:solidFill><a:srgbClr val="{flow.colour.lstrip("#")}">'
        f'<a:alpha val="{_ALPHA * 1000}"/></a:srgbClr></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    properties = shape.xpath(".//p:cNvPr")[0]
    properties.set("name", f"Flow: {flow.source} → {flow.target}")
    properties.set("descr", f"{flow.source} → {flow.target}: {flow.count:,}, {flow.word}")
    return shape


def _curve(*points: tuple[int, int]) -> str:
    inner = "".join(f'<a:pt x="{x}" y="{y}"/>' for x, y in points)
    return f"<a:cubicBezTo>{inner}</a:cubicBezTo>"


def _label_width(stage: Stage, labels: Sequence[str], width: float) -> tuple[float, float]:
    """Return the size of the labels in points, and how wide the longest then is."""
    points = stage.points(13)
    while True:
        wide = [text_width(text, points * stage.breadth, bold=True) for text in labels]
        needed = max(wide) * _MORE + 2 * _ASIDE
        if points <= stage.floor or needed <= width * _LABELS:
            return points, needed
        points -= 0.5


def _label_tops(nodes: _Nodes, high: float, area: Area) -> dict[str, float]:
    """Return where the labels of a side begin: each at its node, and none on another."""
    tops: dict[str, float] = {}
    free = area.top
    for name, (top, height) in nodes.items():
        tops[name] = max(free, top + height / 2 - high / 2)
        free = tops[name] + high
    free = area.bottom
    for name in reversed(list(nodes)):
        tops[name] = min(free - high, tops[name])
        free = tops[name]
    return tops


def _add_count(stage: Stage, slide: Slide, area: Area, ribbon: _Ribbon) -> None:
    """Say a ribbon's count on its left end, where it is thick enough to carry it."""
    points = stage.points(11)
    if ribbon.thickness < points / 72 * 1.1:
        return
    box = add_text(
        slide,
        Area(area.left + _NODE + 0.1, ribbon.left, 0.9, ribbon.thickness),
        f"{ribbon.flow.count:,}",
        size=points,
        bold=True,
        colour=stage.palette.ink,
        anchor="middle",
    )
    box.name = "Flow count"

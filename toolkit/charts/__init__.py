"""Charts: each `plot_*` takes a frame and gives a Plotly figure that is ready for a slide.

No figure has its title inside: `chart_title`, `chart_subtitle` and `chart_alt` give the sentences
that belong beside it; a notebook shows them above it. Every figure is made for a light or, with
`dark=True`, a dark background.
"""

from toolkit.charts.distribution import plot_state_distribution
from toolkit.charts.figure import chart_alt, chart_subtitle, chart_title
from toolkit.charts.flows import plot_mismatch_flows
from toolkit.charts.links import plot_link_status
from toolkit.charts.matrix import plot_state_matrix
from toolkit.charts.notebook import use_in_notebook
from toolkit.charts.registry import CHARTS, Chart, Content, chart
from toolkit.charts.state_trend import plot_state_trend
from toolkit.charts.trend import plot_mismatch_trend
from toolkit.charts.units import plot_fleet, plot_mismatches_by_ou, plot_mismatches_by_owner

__all__ = [
    "CHARTS",
    "Chart",
    "Content",
    "chart",
    "chart_alt",
    "chart_subtitle",
    "chart_title",
    "plot_fleet",
    "plot_link_status",
    "plot_mismatch_flows",
    "plot_mismatch_trend",
    "plot_mismatches_by_ou",
    "plot_mismatches_by_owner",
    "plot_state_distribution",
    "plot_state_matrix",
    "plot_state_trend",
]

use_in_notebook()

"""What leaves the toolkit: one report, and every format that it can be written in."""

from toolkit.exports.by_owner import save_by_owner
from toolkit.exports.formats import FORMATS, Format, format_of, save_report
from toolkit.exports.report import Report

__all__ = ["FORMATS", "Format", "Report", "format_of", "save_by_owner", "save_report"]

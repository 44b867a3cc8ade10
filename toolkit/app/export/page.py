"""Export: the snapshot and filter on screen as slides, workbook, page, table and pictures."""

from toolkit.app import frame
from toolkit.app.export import cards as export_cards
from toolkit.app.parts import plain

view = frame.chosen()
frame.header(view, "Take it away as slides, workbook, page or table")
outgoing = export_cards.choose(view)
if outgoing.content.pairs.empty:
    plain.message(
        "empty", "There is no account to export.", "Clear the filter, or choose the whole snapshot."
    )
    frame.end_page()
export_cards.show_files(outgoing)
export_cards.show_pictures(outgoing)

"""The app as it is, on a company of its demo that is made and collected in a moment."""

import runpy
from pathlib import Path

from toolkit import demo

demo.ACCOUNTS, demo.WEEKS = 120, 2
runpy.run_path(str(Path(__file__).resolve().parents[2] / "streamlit_app.py"))

"""The app's pages and what they share; Streamlit lives here and in streamlit_app.py alone.

Each page reads its widgets, loads, analyses and plots, in that order.
"""

"""What tests in a browser stand on: patience, as a busy machine needs it."""

from browsing import ENOUGH
from playwright.sync_api import expect

expect.set_options(timeout=ENOUGH)

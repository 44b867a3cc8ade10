"""How soon the app's first page of many organizations is there, against that of one of them.

    python benchmarks/app_fleet.py [ORGANIZATIONS [DAYS [ACCOUNTS]]] [--bucket]

Both are pages of the same store, on which `fleet` has been run; each is opened in an app that has
just been started, and then in new tabs of the same app. With `--bucket` the store is one, served on
this machine. Times are from the address to everything drawn.
"""

import argparse
import os
import statistics
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from app import one_open
from browsing import running_app, running_browser
from fleets import bucket, make, organization
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from toolkit.fleet import overview  # noqa: E402 - after the path is set

TIMES = 3
SETTINGS = ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
MANY = ".st-key-totals [data-testid=stMetric]", ""
ONE = ".st-key-chart-units .barlayer path", f"?organization={organization(0)}"
"""What is drawn last on the page of all of them and on that of one, and where it is."""


def main(organizations: int, days: int, accounts: int, *, in_bucket: bool) -> None:
    """Make the store, take the times and print them."""
    with tempfile.TemporaryDirectory() as scratch, running_browser() as browser:
        folder = Path(scratch, "store")
        make(folder, organizations, days, accounts)
        with bucket(folder) if in_bucket else nullcontext(str(folder)) as address:
            overview(address)
            log = Path(scratch, "log")
            one, many = (first_pages(browser, log, address, *page) for page in (ONE, MANY))
    where = "bucket" if in_bucket else "folder"
    print(f"{organizations} organizations, {days} days, {accounts:,} accounts, in a {where}")
    for what, of_many, of_one in zip(("just started", "new tab"), many, one, strict=True):
        ratio = of_many / of_one
        print(f"{what:14} {of_many:6.2f} s, one {of_one:6.2f} s, ratio {ratio:5.2f} (under 1.5)")


def first_pages(
    browser: Browser, log: Path, address: str, drawn: str, query: str
) -> tuple[float, float]:
    """Return the median seconds until a page is drawn: the first of an app, and the next one."""
    settings = {name: os.environ[name] for name in SETTINGS if name in os.environ}
    first, later = [], []
    for _ in range(TIMES):
        with running_app(log, ACCOUNT_PAIRS_STORE=address, **settings) as app:
            first.append(one_open(browser, f"{app}/{query}", drawn))
            later.append(one_open(browser, f"{app}/{query}", drawn))
    return statistics.median(first), statistics.median(later)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("organizations", 20), ("days", 30), ("accounts", 500)):
        parser.add_argument(name, type=int, nargs="?", default=usual)
    parser.add_argument("--bucket", action="store_true")
    chosen = parser.parse_args()
    main(chosen.organizations, chosen.days, chosen.accounts, in_bucket=chosen.bucket)

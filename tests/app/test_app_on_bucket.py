"""The app on a bucket: every page as on a folder, few requests, and refusals in a sentence."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import three_organizations
from bucketed import BUCKET, client_of, lead_to, objects
from patience import LONG
from staged import Open, words
from streamlit.testing.v1 import AppTest
from three_organizations import CALM, WORST, a_day

from toolkit.app import data, listings, runs
from toolkit.app.pages import COLLECT, FLEET, LINKS, OVERVIEW, PAGES, TRENDS, Page
from toolkit.store import Store


@pytest.fixture(scope="module")
def three_in_bucket(bucket_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store of `three_organizations` in a bucket, made once."""
    address = f"s3://{BUCKET}/three"
    with pytest.MonkeyPatch.context() as led:
        lead_to(bucket_server, tmp_path_factory.mktemp("state"), led)
        three_organizations.save(Store(address))
    before = objects(client_of(bucket_server), address)
    yield address
    assert objects(client_of(bucket_server), address) == before


@pytest.fixture
def shown_bucket(three_in_bucket: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """It as the app's own, to read alone."""
    del bucket
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", three_in_bucket)
    return three_in_bucket


@pytest.fixture
def own_bucket(bucket: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket of which the app's own store is an empty part, to write to."""
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", bucket)
    return bucket


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a page asks of the bucket: what is listed, and whose manifests and tables are read."""
    said: list[str] = []
    for name in ("organizations", "versions", "listing", "load", "manifest", "recall"):
        method = getattr(Store, name)

        def noted(self: Store, *about: Any, _as: str = name, _by: Any = method, **more: Any) -> Any:
            said.append(" ".join((_as, *(one for one in about[:1] if isinstance(one, str)))))
            return _by(self, *about, **more)

        monkeypatch.setattr(Store, name, noted)
    return said


@contextmanager
def refusing(code: str, status: int) -> Iterator[str]:
    """Run a server that refuses whatever it is asked with an error of S3; give its URL."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<Error><Code>{code}</Code><Message>Said the server.</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def messages(page: AppTest) -> str:
    """Return what the page says went wrong."""
    return "".join(e.proto.body for e in page.get("html") if 'role="alert"' in e.proto.body)


@pytest.mark.parametrize(
    "which", [page for page in PAGES if page is not COLLECT], ids=lambda page: page.folder
)
def test_every_page_says_of_a_bucket_what_it_says_of_a_folder(
    shown_bucket: str,
    three_organizations_made: Path,
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    which: Page,
) -> None:
    address = {} if which is FLEET else {"organization": WORST}
    page = open_page(which, **address)
    assert page.get_by_key("store").value == shown_bucket.rpartition("/")[2]

    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(three_organizations_made))

    assert not page.exception
    assert words(page) == words(open_page(which, **address))
    assert messages(page) == ""


@pytest.mark.usefixtures("shown_bucket")
def test_a_second_look_asks_nothing_and_a_later_one_lists_the_chosen_organization(
    asked: list[str], open_page: Open
) -> None:
    data.forget()
    page = open_page(LINKS, organization=WORST)
    assert asked.count("organizations") == asked.count(f"listing {WORST}") == 1
    # A list of the manifests lists the versions once more.
    assert asked.count(f"versions {WORST}") == 2
    assert not [one for one in asked if CALM in one or one == "versions"]

    asked.clear()
    page.run()
    assert asked == []

    for kept in (listings._organizations, listings._versions):
        kept.clear()  # as a few seconds do
    page.run()
    assert asked == ["organizations", f"versions {WORST}"]


def test_what_is_new_is_there_once_it_is_read_again(own_bucket: str, open_page: Open) -> None:
    store = Store(own_bucket)
    store.save(a_day(CALM, 8))
    page = open_page(LINKS)
    store.save(a_day(CALM, 1))

    data.forget()

    assert len(page.run().get_by_key("snapshot").options) == 1 + 2


def test_an_empty_bucket_is_called_one(own_bucket: str, open_page: Open) -> None:
    page = open_page(LINKS)

    assert f"The bucket {own_bucket} holds no snapshot." in words(page)


@pytest.mark.usefixtures("own_bucket")
@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("AccessDenied", 403, "ListBucket"),
        ("NoSuchBucket", 404, "there is no bucket"),
        ("ExpiredToken", 400, "expired"),
    ],
)
def test_what_a_bucket_refuses_is_one_sentence_with_what_to_do_and_collect_stays(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, code: str, status: int, said: str
) -> None:
    with refusing(code, status) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        page, collecting = open_page(OVERVIEW), open_page(COLLECT)

    assert messages(page).count("<strong>") == 1
    assert messages(page).count("<p>") == 1
    assert said in words(page)
    assert "went wrong" not in words(page)
    assert "Collect a snapshot" in words(collecting)
    assert not collecting.exception


def test_the_profile_of_the_store_is_the_one_that_reads_it_for_every_page(
    shown_bucket: str,
    bucket_server: str,
    tmp_path: Path,
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del shown_bucket
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text(
        f"[profile shared]\nendpoint_url = {bucket_server}\nregion = eu-central-1\n"
        "aws_access_key_id = shared\naws_secret_access_key = any\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE_PROFILE", "shared")
    data.forget()

    pages = [open_page(which, organization=WORST) for which in (TRENDS, OVERVIEW)]

    assert [messages(page) for page in pages] == ["", ""]
    assert all(f"· {WORST} ·" in words(page) for page in pages)


@pytest.mark.usefixtures("own_accounts")
def test_a_collection_into_a_bucket_says_where_it_goes_and_is_shown_from_there(
    bucket: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", bucket)
    store = Store(bucket)
    store.save(a_day(CALM, 8))
    page = open_page(COLLECT)
    page.selectbox(key="collect-profile").set_value("audit")
    page.segmented_control(key="collect-where").set_value("None")
    page.button(key="collect-check").click().run()
    assert f"The snapshot goes to {bucket}" in words(page)
    assert f"answers are kept in {store.journal}, on this machine" in words(page)

    page.button(key="collect-start").click().run()
    run = runs.find(store)
    assert run
    assert run.ended.wait(LONG)
    page.run().button(key="run-show").click().run()

    assert run.manifest
    assert f"· {run.manifest.organization_id} ·" in words(page)
    assert page.get_by_key("organization").value == run.manifest.organization_id
    assert store.organizations() == sorted([CALM, run.manifest.organization_id])

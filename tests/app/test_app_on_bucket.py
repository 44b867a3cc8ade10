"""The app on a bucket: every page as on a folder, few requests, and refusals in a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import three_organizations
from bucketed import Behind, a_bucket_at, contents, refusal
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
    with pytest.MonkeyPatch.context() as led:
        store = Store(a_bucket_at(bucket_server, tmp_path_factory.mktemp("state"), led))
        before = contents(three_organizations.save(store))
        yield str(store)
        assert contents(store) == before


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


def test_a_second_look_asks_nothing_and_a_later_one_lists_the_chosen_organization(
    between: Behind, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, server = between()
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(three_organizations.save(store)))
    monkeypatch.setattr(listings, "monotonic", lambda: 0.0)
    server.requests.clear()
    page = open_page(LINKS, organization=WORST)
    assert f"· {WORST} ·" in words(page)
    assert not [one.key for one in server.requests if CALM in one.key]

    server.requests.clear()
    page.run()
    assert server.requests == []

    monkeypatch.setattr(listings, "monotonic", lambda: 60.0)
    page.run()
    assert [one.operation for one in server.requests] == ["ListObjectsV2"] * 2


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


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("AccessDenied", 403, "ListBucket"),
        ("NoSuchBucket", 404, "there is no bucket"),
        ("ExpiredToken", 400, "expired"),
    ],
)
def test_what_a_bucket_refuses_is_one_sentence_with_what_to_do_and_collect_stays(
    between: Behind,
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    *,
    code: str,
    status: int,
    said: str,
) -> None:
    store, server = between(lambda _asked: refusal(code, status))
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(store))
    monkeypatch.setattr(listings, "monotonic", lambda: 0.0)

    page, collecting = open_page(OVERVIEW), open_page(COLLECT)

    assert messages(page).count("<strong>") == 1
    assert messages(page).count("<p>") == 1
    assert said in words(page)
    assert "went wrong" not in words(page)
    assert "Collect a snapshot" in words(collecting)
    assert not collecting.exception
    assert server.asked["ListObjectsV2"] == 1


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

"""Every command on a bucket: it says, writes and remembers what it does on a folder.

The folder has the same objects, copied when all had been collected into the bucket by the command.
"""

import argparse
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
from bucketed import BUCKET, Behind, client_of, contents, settings_of
from emulated import a_pair, an_organization, hide_aws_settings, rows
from misbehaving import Answer

from toolkit import cli
from toolkit.emulator import Emulator
from toolkit.store import Store

OnBoth = Callable[..., list[tuple[int, str, str]]]

ORGANIZATION = an_organization(
    a_pair(10),
    a_pair(11, standard="CLOSED"),
    a_pair(12, standard="SUSPENDED"),
    a_pair(13, govcloud="CLOSED"),
    a_pair(14, govcloud=None),
)
CALLS = (
    ("snapshots",),
    ("snapshots", "--prune", "all:1d"),
    ("mismatches", "--format", "json"),
    ("changes", "--since", "7d"),
    ("links", "--all"),
    ("reconcile", "--all"),
    ("check",),
    ("check", "--new-only", "--fail-on", "medium"),
    ("check", "--organization", ORGANIZATION.organization_id),
    ("mismatches", "--organization", ORGANIZATION.organization_id),
    ("notify", "--dry-run", "--to", "https://hooks.example.com/pairs"),
    ("policy check", "policy.toml"),
    ("policy baseline", "policy.toml", "--until", "2027-06-01", "--owner", "o", "--reason", "r"),
    ("fleet", "--format", "json"),
)
"""What is said of both; each has a policy file of its own."""

POLICY = """
[[accepted]]
accounts = ["000000000012"]
standard = "SUSPENDED"
govcloud = "ACTIVE"
reason = "Paid again soon"
owner = "finance"
until = 2027-02-01
"""
_AT = {"fetched_at", "requested_at", "completed_at"}
"""When it was answered."""

ENDINGS = ("pptx", "xlsx", "csv", "html")


@dataclass(frozen=True)
class Twins:
    """Two stores with the same snapshots, and what was said while they were collected."""

    bucket: str
    folder: str
    collected: tuple[int, str, str]


@pytest.fixture(scope="module")
def twins(bucket_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    """Two organizations in a bucket, one of them a week before as well; and a copy of it all."""
    folder = tmp_path_factory.mktemp("commands")
    address = f"s3://{BUCKET}/commands on a bucket"
    with pytest.MonkeyPatch.context() as patch, Emulator(ORGANIZATION) as emulator:
        hide_aws_settings(folder, patch)
        _lead(bucket_server, folder, patch)
        for caller in ("standalone", "management"):
            patch.setenv("AWS_ACCESS_KEY_ID", caller)
            said = _run("collect", "--store", address, *_from(emulator), "--format", "json")
        _save_a_week_before(Store(address))
        _copy(contents(Store(address)), folder / "copy")
        yield Twins(address, str(folder / "copy"), said)


@pytest.fixture
def led(bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Lead every command to the server, and return its URL."""
    _lead(bucket_server, tmp_path, monkeypatch)
    return bucket_server


@pytest.fixture
def on_both(twins: Twins, led: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnBoth:
    """Run a command on the bucket, then on the folder, and return what came of each."""
    assert led

    def run(command: str, *arguments: str) -> list[tuple[int, str, str]]:
        came = []
        for store in (twins.bucket, twins.folder):
            own = tmp_path / ("bucket" if store == twins.bucket else "folder")
            own.mkdir(exist_ok=True)
            (own / "policy.toml").write_text(POLICY, encoding="utf-8")
            monkeypatch.chdir(own)
            code, out, err = _run(*command.split(), *arguments, "--store", store)
            came.append((code, *(text.replace(store, "STORE") for text in (out, err))))
        return came

    return run


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_it_says_of_a_bucket_what_it_says_of_a_folder(
    call: tuple[str, ...], on_both: OnBoth, tmp_path: Path
) -> None:
    of_bucket, of_folder = on_both(*call)

    assert of_bucket == of_folder
    assert of_bucket[0] == (3 if call[0] == "check" else 0)
    written = [tmp_path / one / "policy.toml" for one in ("bucket", "folder")]
    assert written[0].read_text() == written[1].read_text()


def test_every_command_that_has_a_store_is_tried() -> None:
    named = {name for name, parser in _parsers() if "--store" in parser.format_usage()}

    # Into a bucket all of it was collected; the app is opened on one in tests/browser.
    assert named == {call[0] for call in CALLS} | {"collect", "report", "app"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_report_from_a_bucket_is_that_from_a_folder(
    ending: str, on_both: OnBoth, tmp_path: Path
) -> None:
    of_bucket, of_folder = on_both("report", "--out", f"states.{ending}", "--policy", "policy.toml")
    written = [
        _parts(ending, (tmp_path / one / f"states.{ending}").read_bytes())
        for one in ("bucket", "folder")
    ]

    assert of_bucket == of_folder
    assert written[0] == written[1]
    assert len(written[0]) > (8 if ending in ("pptx", "xlsx") else 0)


def test_what_is_collected_into_a_bucket_is_what_is_collected_into_a_folder(
    twins: Twins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "management")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    with Emulator(ORGANIZATION) as emulator:
        said = _run("collect", "--store", str(tmp_path), *_from(emulator), "--format", "json")

    assert (said[0], said[2]) == (twins.collected[0], twins.collected[2]) == (0, "")
    kept, of_folder = (json.loads(out)["outcomes"] for _, out, _ in (twins.collected, said))
    assert kept == of_folder
    of_bucket = Store(twins.folder).load(organization=ORGANIZATION.organization_id)
    for name in of_bucket.manifest.tables:
        ours, theirs = of_bucket.table(name), Store(tmp_path).load().table(name)
        assert rows(ours, *_AT & {*ours}) == rows(theirs, *_AT & {*theirs})


def test_what_the_rule_does_not_keep_is_removed_from_a_bucket_by_its_word(
    twins: Twins, led: str
) -> None:
    address = f"s3://{BUCKET}/pruned"
    client = client_of(led)
    for key, content in contents(Store(twins.folder)).items():
        client.put_object(Bucket=BUCKET, Key=f"pruned/{key}", Body=content)
    client.close()
    before = Store(address).ids(ORGANIZATION.organization_id)

    shown = _run("snapshots", "--store", address, "--prune", "all:1d")
    between = Store(address).ids(ORGANIZATION.organization_id)
    removed = _run("snapshots", "--store", address, "--prune", "all:1d", "--yes")

    left = contents(Store(address))
    assert (len(before), between) == (2, before)
    assert (shown[0], removed[0], removed[2]) == (0, 0, "")
    assert before[0] in shown[1]
    assert Store(address).ids(ORGANIZATION.organization_id) == before[1:]
    gone = before[0].rpartition("/")[2]
    assert not [key for key in left if gone in key]
    assert len(Store(address).ids()) == 2


@pytest.mark.parametrize(
    ("store", "options", "words"),
    [
        ("s3://account-pairs-nowhere/x", [], "there is no bucket 'account-pairs-nowhere'"),
        ("s3://account-pairs-tests/empty", [], "holds no snapshot yet"),
        ("s3://account-pairs-tests/x", ["--store-profile", "nobody"], "nobody"),
        ("s3://NOT_A_BUCKET", [], "no address of a bucket"),
        ("gs://elsewhere/x", [], "no store of snapshots"),
    ],
)
@pytest.mark.parametrize("command", ["mismatches", "notify --to https://x.example --dry-run"])
def test_a_bucket_that_is_none_is_one_sentence(
    store: str,
    options: list[str],
    words: str,
    command: str,
    led: str,
) -> None:
    assert led
    code, out, err = _run(*command.split(), "--store", store, *options)

    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


def _lead(url: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Lead whatever names a bucket to that server."""
    for name, value in settings_of(url, folder).items():
        patch.setenv(name, value)


def _run(*arguments: str) -> tuple[int, str, str]:
    """Run a command in this process and return its exit code, and what it printed and said."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(list(arguments))
    return code, out.getvalue(), err.getvalue()


def _from(emulator: Emulator) -> tuple[str, ...]:
    fast = ("--rate", "5000", "--link-regions", "none", "--quiet")
    return ("--endpoint-url", emulator.url, *fast)


def _save_a_week_before(store: Store) -> None:
    """Save what the newest snapshot would have been a week before, with all pairs active."""
    newest = store.load(organization=ORGANIZATION.organization_id)
    govcloud = newest.govcloud.copy()
    govcloud["govcloud_state"] = govcloud["govcloud_state"].where(
        govcloud["govcloud_state"].isna(), "ACTIVE"
    )
    manifest = replace(newest.manifest, taken=newest.taken - pd.Timedelta(days=7))
    tables = {name: newest.table(name) for name in newest.manifest.tables}
    store.save(replace(newest, tables=tables | {"govcloud": govcloud}, manifest=manifest))


def _copy(content: Mapping[str, bytes], folder: Path) -> None:
    for key, one in content.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one)


def _parts(name: str, content: bytes) -> dict[str, bytes]:
    """Return what a file is made of, files in it included, but for when each was written."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {name: content}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        found = [_parts(f"{name}/{one}", parts.read(one)) for one in parts.namelist()]
    return {key: part for one in found for key, part in one.items() if "docProps/core" not in key}


def _parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Give every command with its parser, an action of a command by both names."""

    def under(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
        actions = parser._actions
        found = [one for one in actions if isinstance(one, argparse._SubParsersAction)]
        return dict(found[0].choices) if found else {}

    for name, parser in under(cli.parser()).items():
        actions = under(parser)
        yield from ((f"{name} {action}", one) for action, one in actions.items())
        if not actions:
            yield name, parser


def test_a_bucket_that_another_try_may_reach_ends_as_what_can_be_mended(between: Behind) -> None:
    store, _ = between(lambda _: Answer(200, b"<html>Sign in</html>", "text/html"))

    code, out, err = _run("mismatches", "--store", str(store))

    assert (code, out) == (1, "")
    assert "does not speak as S3 does" in err
    assert len(err.splitlines()) == 1

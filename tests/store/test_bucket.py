"""A bucket as the place of a store: its address, its requests, and what it keeps for lists."""

import json
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any

import pandas as pd
import pytest
from bucketed import BUCKET, REGION, Behind, contents, refusal
from copied import ROOT
from patience import LONG
from stored import ID, MANIFEST, TAKEN, a_snapshot

from toolkit.errors import StoreError, StoreUnreachableError
from toolkit.runs.stopped import failed_run, note_failed
from toolkit.store import Store, keys
from toolkit.store.bucket import Bucket
from toolkit.store.place import absolute

WEEK = pd.Timedelta(weeks=1)
KEPT = "kept/organization=o-exampleorgid/manifests.json"


@pytest.mark.parametrize(
    ("address", "understood", "name"),
    [
        ("s3://a-bucket", "s3://a-bucket", "a-bucket"),
        ("s3://a-bucket/", "s3://a-bucket", "a-bucket"),
        ("S3://a-bucket/deep/er/", "s3://a-bucket/deep/er", "er"),
        ("s3://a.bucket.2/Ünï code/+%2F", "s3://a.bucket.2/Ünï code/+%2F", "+%2F"),
        (Path("s3://a-bucket/deep"), "s3://a-bucket/deep", "deep"),
        (PureWindowsPath("s3://a-bucket/deep"), "s3://a-bucket/deep", "deep"),
    ],
)
def test_the_address_of_a_bucket_is_understood(address: Any, understood: str, name: str) -> None:
    store = Store(address)

    assert (str(store), store.name) == (understood, name)
    assert isinstance(store._place, Bucket)
    assert store == Store(understood)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://", "is no address of a bucket"),
        ("s3:", "is no address of a bucket"),
        ("s3:a-bucket", "is no address of a bucket"),
        ("s3://ab", "is no address of a bucket"),
        ("s3://A-Bucket/x", "is no address of a bucket"),
        ("s3://a_bucket/x", "is no address of a bucket"),
        ("s3://a..bucket/x", "is no address of a bucket"),
        ("s3://user:secret@a-bucket/x", "is no address of a bucket"),
        ("s3://a-bucket/a//b", "is no address in a bucket"),
        ("s3://a-bucket/../b", "is no address in a bucket"),
        ("s3://a-bucket/a\nb", "is no address in a bucket"),
        ("gs://a-bucket/x", "is no store of snapshots"),
        ("https://a-bucket.s3.amazonaws.com/x", "is no store of snapshots"),
    ],
)
def test_what_is_no_address_of_a_bucket_is_one_sentence_and_no_folder(
    address: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StoreError, match=said) as caught:
        Store(address)

    assert "s3://bucket/prefix" in caught.value.hint or "prefix" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_address_means_the_same_wherever_a_program_goes() -> None:
    assert absolute("s3://a-bucket/x") == "s3://a-bucket/x"
    assert absolute("S3:/a-bucket") == "S3:/a-bucket"
    assert absolute("snapshots") == str(Path("snapshots").absolute())
    assert str(Store.started_here("s3://a-bucket/x/")) == "s3://a-bucket/x"


def test_a_folder_never_imports_what_asks_aws(tmp_path: Path) -> None:
    program = (
        "import sys; from toolkit.store import Store; Store(sys.argv[1]).ids();"
        " print('boto3' in sys.modules, 'botocore' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
        timeout=LONG,
    )

    assert told.stdout == "False False\n"


def test_nothing_is_asked_before_something_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")

    assert repr(Store("s3://a-bucket/x")) == "Store('s3://a-bucket/x')"


def test_a_list_is_asked_for_at_once_and_the_second_one_is_kept(between: Behind) -> None:
    store, server = between()
    saved = [store.save(a_snapshot(TAKEN + week * WEEK)).manifest for week in range(5)]
    server.asked.clear()

    first = store.listing()
    assert server.asked == Counter(ListObjectsV2=1, GetObject=6, PutObject=1)
    server.asked.clear()
    second = Store(str(store)).listing()

    assert list(first.manifests) == list(second.manifests) == saved
    assert server.asked == Counter(ListObjectsV2=1, GetObject=1)


def test_a_list_asks_for_what_is_new_and_forgets_what_is_gone(between: Behind) -> None:
    store, server = between()
    weeks = [store.save(a_snapshot(TAKEN + week * WEEK)) for week in range(4)]
    store.listing()
    other = replace(weeks[1], manifest=replace(weeks[1].manifest, completed=True))
    store.save(other, again=True)
    store.remove(weeks[2].id)
    server.asked.clear()

    listed = store.listing("o-exampleorgid")

    assert [one.snapshot_id for one in listed.manifests] == [weeks[n].id for n in (0, 1, 3)]
    assert [one.completed for one in listed.manifests] == [False, True, False]
    assert server.asked == Counter(ListObjectsV2=1, GetObject=2, PutObject=1)
    kept = json.loads(contents(store)[KEPT])
    assert list(kept["manifests"]) == [weeks[n].id for n in (0, 1, 3)]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[1]",
        b'{"format": 2, "manifests": {}}',
        b'{"format": 1, "manifests": 3}',
        b'{"format": 1, "manifests": {"o-exampleorgid/2026-11-22T03-00-00Z": ["x"]}}',
        b'{"format": 1, "manifests": {"o-exampleorgid/2026-11-22T03-00-00Z": ["x", "{}"]}}',
    ],
)
def test_what_is_kept_of_a_list_and_cannot_be_right_is_read_anew(
    bucket: str, damage: bytes
) -> None:
    store = Store(bucket)
    saved = store.save(a_snapshot())
    store.remember("o-exampleorgid", "manifests.json", damage)

    assert store.listing().manifests == (saved.manifest,)
    assert store.listing().left_out == {}
    assert list(json.loads(contents(store)[KEPT])["manifests"]) == [ID]


def test_a_list_is_kept_beside_no_folder(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(a_snapshot())
    store.listing()

    assert not (tmp_path / "kept").exists()


def test_who_may_only_read_lists_as_well(between: Behind) -> None:
    store, server = between()
    saved = store.save(a_snapshot())
    server.rules.append(
        lambda asked: refusal("AccessDenied") if asked.operation == "PutObject" else None
    )

    assert store.listing().manifests == (saved.manifest,)
    assert store.load().manifest == saved.manifest


def test_one_manifest_that_is_damaged_or_denied_hides_no_other(between: Behind) -> None:
    store, server = between()
    weeks = [store.save(a_snapshot(TAKEN + week * WEEK)) for week in range(4)]
    store._place.write(keys.manifest_key(weeks[1].id), b"{")
    denied = keys.manifest_key(weeks[2].id)
    server.rules.append(
        lambda asked: (
            refusal("AccessDenied")
            if asked.operation == "GetObject" and asked.key.endswith(denied)
            else None
        )
    )

    listed = store.listing()

    assert [one.snapshot_id for one in listed.manifests] == [weeks[0].id, weeks[3].id]
    assert list(listed.left_out) == [weeks[1].id, weeks[2].id]
    assert "is not a manifest that can be read" in str(listed.left_out[weeks[1].id])
    assert "It needs the permissions s3:GetObject and s3:ListBucket" in str(
        listed.left_out[weeks[2].id]
    )


def test_more_than_a_thousand_snapshots_are_all_listed(bucket: str) -> None:
    # The objects are put where the server has them: a thousand requests would take their time.
    from moto.s3.models import s3_backends  # noqa: PLC0415 - most tests do without moto's parts

    backend = next(
        partition
        for account in s3_backends.values()
        for partition in account.values()
        if BUCKET in partition.buckets
    )
    prefix = bucket.removeprefix(f"s3://{BUCKET}/")
    times = [TAKEN + pd.Timedelta(hours=hour) for hour in range(1_001)]
    for time in times:
        key = keys.manifest_key(keys.snapshot_id("o-exampleorgid", time))
        backend.put_object(BUCKET, f"{prefix}/{key}", b"{}")

    assert Store(bucket).taken("o-exampleorgid") == set(times)
    assert Store(bucket).organizations() == ["o-exampleorgid"]


def test_the_tables_of_a_snapshot_are_asked_for_side_by_side(between: Behind) -> None:
    together = threading.Barrier(3)
    parts = ("accounts", "govcloud", "links")

    def wait(asked: Any) -> None:
        if asked.operation == "GetObject" and asked.key.endswith(".parquet"):
            together.wait(LONG)  # one after the other, it would never end

    store, _ = between(wait)
    saved = store.save(a_snapshot())
    loaded = store.load()

    for name in parts:
        pd.testing.assert_frame_equal(loaded.table(name), saved.table(name))
    assert not [one for one in threading.enumerate() if "toolkit-bucket" in one.name]


def test_the_store_of_another_profile_and_its_own_endpoint(
    bucket: str, bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text(
        f"[profile keeper]\nregion = {REGION}\nservices = ours\naws_access_key_id = keeper\n"
        f"aws_secret_access_key = keeper\n[services ours]\ns3 =\n  endpoint_url = {bucket_server}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    Store(bucket, profile="keeper").save(a_snapshot())

    assert Store(bucket, profile="keeper").ids() == [ID]
    with pytest.raises(StoreUnreachableError, match="there are no AWS credentials"):
        Store(bucket).ids()
    with pytest.raises(StoreUnreachableError, match="there is no AWS profile 'nobody'") as caught:
        Store(bucket, profile="nobody").ids()
    assert "keeper" in caught.value.hint


def test_what_is_written_is_encrypted_by_the_key_that_was_named(between: Behind) -> None:
    store, server = between(kms_key="alias/snapshots")
    store.save(a_snapshot())
    store.listing()

    puts = [one.sent for one in server.requests if one.operation == "PutObject"]
    assert len(puts) == 8
    for sent in puts:
        assert sent["x-amz-server-side-encryption"] == "aws:kms"
        assert sent["x-amz-server-side-encryption-aws-kms-key-id"] == "alias/snapshots"


def test_without_a_key_the_bucket_encrypts_as_it_does(between: Behind) -> None:
    store, server = between()
    store.save(a_snapshot())

    assert not [n for one in server.requests for n in one.sent if "server-side-encryption" in n]


def test_only_the_claim_and_the_manifest_are_written_on_a_condition(between: Behind) -> None:
    store, server = between()
    store.save(a_snapshot())

    conditional = [one.key for one in server.requests if "if-none-match" in one.sent]
    prefix = str(store).rpartition("/")[2]
    assert conditional == [
        f"{prefix}/{key}" for key in (keys.PROBE, keys.PROBE, keys.claim_key(ID), MANIFEST)
    ]
    assert server.requests[-1].key == f"{prefix}/{MANIFEST}"
    assert not [one for one in server.requests if "x-amz-checksum-crc32" in one.sent]


def test_the_journal_of_a_bucket_is_on_this_machine_by_the_address(
    bucket: str, tmp_path: Path
) -> None:
    store, other = Store(bucket), Store(f"{bucket}-2")

    assert tmp_path in store.journal.parents
    assert store.journal.name.startswith("account-pairs-tests-")
    assert store.journal != other.journal
    assert store.journal == Store(f"{bucket}/").journal
    assert (store.unfinished(), failed_run(store)) == ([], None)
    store.journal.mkdir(parents=True)
    (store.journal / "o-exampleorgid.sqlite").write_bytes(b"")
    assert store.unfinished() == ["o-exampleorgid"]
    note_failed(store, TAKEN)
    assert failed_run(store) == TAKEN
    assert failed_run(other) is None
    assert contents(store) == {}

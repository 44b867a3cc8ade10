"""What a bucket refuses is one sentence and what to do; what is slow or fails is asked again."""

import socket
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from bucketed import BUCKET, Behind, contents, refusal
from misbehaving import Answer, Rule, page
from stored import ID, TAKEN, a_snapshot

from toolkit.errors import StoreError, StoreUnreachableError
from toolkit.store import Store, keys

ARN = "arn:aws:sts::123456789012:assumed-role/someone"
KMS = f"User: {ARN} is not authorized to perform: kms:{{}} on resource: arn:aws:kms:x:1:key/k"


def each(answer: Answer, *operations: str) -> Rule:
    """Answer every call of these operations so, or every call."""
    return lambda asked: answer if not operations or asked.operation in operations else None


def failing(times: int, answer: Answer) -> Callable[[Any], Answer | None]:
    """Fail the first times that each thing is asked."""
    seen: dict[tuple[str, str], int] = {}

    def rule(asked: Any) -> Answer | None:
        about = asked.operation, asked.key
        seen[about] = seen.get(about, 0) + 1
        return answer if seen[about] <= times else None

    return rule


@pytest.mark.parametrize(
    ("answer", "said", "hint"),
    [
        (
            refusal("ExpiredToken", 400),
            "the credentials have expired",
            "Log in again: aws sso login",
        ),
        (
            refusal("InvalidAccessKeyId"),
            "AWS does not accept the credentials (InvalidAccessKeyId)",
            "log in again",
        ),
        (
            refusal(
                "AccessDenied", message=f"User: {ARN} is not authorized to perform: s3:ListBucket"
            ),
            "access to the bucket is denied (s3 ListObjectsV2)",
            "It needs the permission s3:ListBucket.",
        ),
        (
            refusal("NoSuchBucket", 404),
            f"there is no bucket '{BUCKET}'",
            "Make it first, or name another with --store.",
        ),
        (
            refusal("PermanentRedirect", 301, **{"x-amz-bucket-region": "us-west-2"}),
            f"the bucket '{BUCKET}' is in the Region us-west-2",
            "Set AWS_REGION=us-west-2",
        ),
        (page(302), "does not speak as S3 does (status 302)", "sign in to the network"),
        (refusal("PermanentRedirect", 301), "is in another Region", "Set AWS_REGION=REGION"),
        (page(), "does not speak as S3 does", "AWS_ENDPOINT_URL_S3"),
        (Answer(200, b"", "application/xml"), "does not speak as S3 does", "AWS_ENDPOINT_URL_S3"),
        (page(403), "does not speak as S3 does (status 403)", "sign in to the network"),
        (page(404), "does not speak as S3 does (status 404)", "AWS_ENDPOINT_URL_S3"),
        (page(501), "does not speak as S3 does (status 501)", "AWS_ENDPOINT_URL_S3"),
        (refusal("NotImplemented", 501), "does not know s3 ListObjectsV2", "endpoint"),
        (
            refusal("RequestTimeTooSkewed"),
            "s3 ListObjectsV2 answered RequestTimeTooSkewed",
            "Set this machine's clock right.",
        ),
    ],
)
def test_what_a_bucket_refuses_is_one_sentence_and_what_to_do(
    between: Behind, answer: Answer, said: str, hint: str
) -> None:
    store, _ = between(each(answer))

    for ask in (store.ids, store.organizations, store.listing, store.load):
        with pytest.raises(StoreUnreachableError) as caught:
            ask()
        assert caught.value.message.startswith(f"{store} cannot be read: ")
        assert said in caught.value.message
        assert hint in caught.value.hint
        assert "123456789012" not in str(caught.value)
        assert not any(word in str(caught.value) for word in ("folder", "disk", "\n"))


def test_where_nobody_listens_it_is_said(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{one.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(StoreUnreachableError, match="could not be reached") as caught:
        Store(bucket).ids()

    assert f"no answer from {url}" in caught.value.message
    assert "Check the network" in caught.value.hint
    assert caught.value.retryable


def test_an_address_of_a_server_that_is_none_is_said(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "nowhere")

    with pytest.raises(StoreUnreachableError, match="nvalid endpoint"):
        Store(bucket).ids()


@pytest.mark.parametrize(
    ("answer", "said", "hint"),
    [
        (refusal("AccessDenied"), "is denied (s3 PutObject)", "the permission s3:PutObject."),
        (
            refusal("AccessDenied", message=KMS.format("GenerateDataKey")),
            "is denied (s3 PutObject)",
            "the permission kms:GenerateDataKey.",
        ),
        (
            refusal("KMS.NotFoundException", 400),
            "KMS key cannot be used (KMS.NotFoundException)",
            "--store-kms-key",
        ),
        (page(), "does not speak as S3 does", "AWS_ENDPOINT_URL_S3"),
    ],
)
def test_what_may_not_be_written_is_said_before_anything_is_there(
    between: Behind, answer: Answer, said: str, hint: str
) -> None:
    store, server = between(each(answer, "PutObject"))

    for ask in (store.check, lambda: store.save(a_snapshot())):
        with pytest.raises(StoreError, match="written to") as caught:
            ask()
        assert said in caught.value.message
        assert hint in caught.value.hint
        assert "123456789012" not in str(caught.value)
    server.rules.clear()
    assert contents(store) == {}


def test_a_key_that_was_named_is_part_of_what_a_writer_needs(between: Behind) -> None:
    store, _ = between(each(refusal("AccessDenied"), "PutObject"), kms_key="alias/x")

    with pytest.raises(StoreError, match="s3:PutObject and, on the key, kms:GenerateDataKey"):
        store.check()


def test_what_may_not_be_read_is_said_with_both_permissions(between: Behind) -> None:
    """Without ListBucket S3 denies what is not there: nobody is told that it is not."""
    store, server = between()
    store.save(a_snapshot())
    server.rules.append(each(refusal("AccessDenied"), "GetObject"))

    for ask in (
        lambda: store.recall("o-exampleorgid", "told.json"),
        lambda: store.manifest(ID),
        lambda: store.load(ID),
    ):
        with pytest.raises(StoreError, match="cannot be read: access to the bucket is denied") as c:
            ask()
        assert c.value.hint == "It needs the permissions s3:GetObject and s3:ListBucket."
        assert not isinstance(c.value, StoreUnreachableError)
    server.rules[:] = [each(refusal("AccessDenied", message=KMS.format("Decrypt")), "GetObject")]
    with pytest.raises(StoreError, match="It needs the permission kms:Decrypt"):
        store.manifest(ID)


def test_what_may_not_be_removed_is_said(between: Behind) -> None:
    store, server = between()
    store.save(a_snapshot())
    server.rules.append(each(refusal("AccessDenied"), "DeleteObject"))

    with pytest.raises(StoreError, match=f"{ID} cannot be removed: ") as caught:
        store.remove(ID)

    assert caught.value.hint == "It needs the permission s3:DeleteObject."
    assert store.ids() == [ID]


def test_what_is_missing_of_a_snapshot_is_said(between: Behind) -> None:
    store, _ = between()
    store.save(a_snapshot())
    store._place.remove(keys.part_key("links", ID))

    with pytest.raises(StoreError, match=r"links/.* cannot be read: there is no such object"):
        store.load(ID)


def test_a_login_that_runs_out_ends_a_list_and_leaves_nothing_out(between: Behind) -> None:
    store, server = between()
    for week in range(40):
        store._place.write(
            keys.manifest_key(keys.snapshot_id("o-x", TAKEN + pd.Timedelta(weeks=week))), b"{}"
        )
    server.rules.append(each(refusal("ExpiredToken", 400), "GetObject"))
    server.asked.clear()

    with pytest.raises(StoreUnreachableError, match="the credentials have expired"):
        store.listing()
    with pytest.raises(StoreUnreachableError, match="the credentials have expired"):
        store.load()

    assert server.asked["GetObject"] < 40


def test_a_server_that_takes_no_heed_of_conditions_is_refused_before_a_part_is_there(
    between: Behind,
) -> None:
    store, server = between(drops=("if-none-match",))

    for ask in (store.check, lambda: store.save(a_snapshot())):
        with pytest.raises(StoreUnreachableError, match="takes no heed of If-None-Match") as caught:
            ask()
        assert server.url in caught.value.message
        assert caught.value.hint.startswith("Use a bucket of AWS,")

    assert list(contents(store)) == [keys.PROBE]


@pytest.mark.parametrize(
    "answer",
    [
        refusal("SlowDown", 503),
        refusal("InternalError", 500),
        Answer(is_reset=True),
        refusal("OperationAborted", 409),
    ],
    ids=["slow down", "internal error", "cut", "conflict"],
)
def test_what_fails_once_is_asked_again_and_nothing_is_lost(
    between: Behind, answer: Answer
) -> None:
    store, server = between(failing(1, answer))
    if answer.status == 409:
        server.rules[:] = [each_put_once(answer)]

    saved = store.save(a_snapshot())
    loaded = store.load()

    assert loaded.manifest == saved.manifest
    pd.testing.assert_frame_equal(loaded.accounts, saved.accounts)
    assert server.asked["PutObject"] > 7


def each_put_once(answer: Answer) -> Rule:
    once = failing(1, answer)
    return lambda asked: once(asked) if asked.operation == "PutObject" else None


def test_an_answer_that_is_lost_makes_no_writer_a_second_one(between: Behind) -> None:
    """The server has it, and says of the same try again that something is there already."""
    lost = failing(1, Answer(is_lost=True))
    store, server = between(lambda asked: lost(asked) if asked.operation == "PutObject" else None)

    saved = store.save(a_snapshot())

    assert store.load().manifest == saved.manifest
    assert server.asked["PutObject"] > 7


def test_a_lost_answer_is_nobody_elses_content(between: Behind) -> None:
    store, server = between()
    store._place.write_if_absent("writing/a", b"one")
    server.rules.append(failing(1, refusal("SlowDown", 503)))

    assert not store._place.write_if_absent("writing/a", b"two")
    assert store._place.read("writing/a") == b"one"


def test_a_body_that_is_cut_is_asked_for_again(between: Behind) -> None:
    store, server = between()
    saved = store.save(a_snapshot())
    whole = contents(store)
    prefix = str(store).rpartition("/")[2]
    seen: set[str] = set()

    def cut(asked: Any) -> Answer | None:
        key = asked.key.removeprefix(f"{prefix}/")
        if asked.operation != "GetObject" or key in seen or key not in whole:
            return None
        seen.add(key)
        return Answer(200, whole[key], "binary/octet-stream", {"ETag": '"x"'}, cut=10)

    server.rules.append(cut)
    loaded = store.load()

    assert loaded.manifest == saved.manifest
    assert len(seen) == 4


def test_what_is_slow_is_waited_for(between: Behind) -> None:
    content = b"one"
    slow = Answer(200, content, "binary/octet-stream", {"ETag": '"x"'}, drip=0.1)
    store, _ = between(each(slow, "GetObject"))

    assert store._place.read("kept/a") == content

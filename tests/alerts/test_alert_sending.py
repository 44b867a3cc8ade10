"""Sending, to real receivers that take it, answer 500, hang up, redirect, and keep silent."""

import pytest
from receiving import ENDLESS, RESET, SILENT, hook, mailbox

from toolkit.alerts import Message, NotToldError, Patience, send, shown, way_to
from toolkit.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated")  # in apprise
SOON = Patience(timeout=0.4, tries=3)
MESSAGE = Message("1 new mismatch", ("- Critical: a (1)", "As of now."), {"text": "whole", "n": 1})


def told(address: str, patience: Patience = SOON) -> str:
    """Send the message; return what is said where it was not taken, "" where it was."""
    try:
        send(way_to(address, patience), shown(address), MESSAGE, patience)
    except NotToldError as error:
        return str(error)
    return ""


def test_a_webhook_is_told_by_one_post_of_json() -> None:
    with hook() as receiver:
        assert told(f"{receiver.url}/in?token=s3cret") == ""

    assert receiver.told == [{"text": "whole", "n": 1}]
    assert receiver.paths == ["/in?token=s3cret"]
    assert receiver.headers[0]["Content-Type"] == "application/json; charset=utf-8"
    assert "Authorization" not in receiver.headers[0]


def test_a_login_in_the_address_is_sent_as_a_header() -> None:
    with hook() as receiver:
        assert told(receiver.url.replace("//", "//user:p%40ss@")) == ""

    assert receiver.headers[0]["Authorization"] == "Basic dXNlcjpwQHNz"


@pytest.mark.parametrize("status", [500, 502, 503, 429, RESET])
def test_what_fails_for_the_moment_is_tried_again(status: int) -> None:
    with hook(status, status, 204) as receiver:
        assert told(receiver.url) == ""

    assert len(receiver.told) == 3


def test_what_goes_on_failing_is_given_up_after_three_tries() -> None:
    with hook(500) as receiver:
        said = told(f"{receiver.url}/s3cret")

    assert said == (
        "http://127.0.0.1 was not told: it answered with 500 (tried 3 times). It is told the same"
        " next time."
    )
    assert len(receiver.told) == 3


def test_who_hangs_up_for_ever_is_given_up() -> None:
    with hook(RESET) as receiver:
        said = told(receiver.url)

    assert "it hung up (tried 3 times)" in said
    assert len(receiver.told) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_will_not_get_better_is_not_tried_again(status: int) -> None:
    with hook(status) as receiver:
        assert f"it answered with {status}. " in told(receiver.url)

    assert len(receiver.told) == 1


@pytest.mark.parametrize("silence", [SILENT, ENDLESS], ids=["silent", "endless"])
def test_an_answer_that_does_not_come_in_time_is_not_waited_for_nor_asked_for_again(
    silence: int,
) -> None:
    with hook(silence) as receiver:
        said = told(receiver.url)

        assert "it gave no" in said
        assert "answer within 0.4 s" in said
        # It may have arrived: a second one at once would be told twice.
        assert len(receiver.told) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with hook() as elsewhere, hook(status, location=elsewhere.url) as receiver:
        said = told(receiver.url)

    assert f"it answered with a redirect ({status}), which is not followed" in said
    assert (len(receiver.told), elsewhere.told) == (1, [])


def test_where_nobody_listens_that_is_said() -> None:
    with hook() as receiver:
        gone = receiver.url

    assert "it cannot be reached (tried 3 times)" in told(gone)


def test_a_name_that_nobody_has_is_not_quoted_with_its_secrets() -> None:
    # To look up a name that nobody has may take longer than an answer from this machine.
    said = told("https://user:pass@nobody.invalid/s3cret?token=t0ken", Patience(30, tries=1))

    assert said.startswith("https://nobody.invalid was not told: it cannot be reached")
    assert not [word for word in ("user", "pass", "s3cret", "t0ken") if word in said]


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("https://user:pass@host.example:8443/path?token=1", "https://host.example"),
        ("mailtos://user:pass@mail.example?to=a@b.example", "mailtos://mail.example"),
        ("slack://TokenA/TokenB/TokenC", "slack://…"),
        ("tgram://bottoken/chat", "tgram://…"),
        ("https://[::1", "https://…"),
        ("just-a-secret", "the address"),
        ("\x1b[31m://x", "the address"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, what: str) -> None:
    assert shown(address) == what


@pytest.mark.parametrize(
    "address",
    [
        *("https://", "http://host:port/s3cret", "https://[::1", "http://ho st/s3cret"),
        *("s3cret", "slack://s3cret", "nothing://s3cret", "http://host/a\nb"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(InputError) as refused:
        way_to(address, SOON)

    assert "s3cret" not in str(refused.value)


def test_an_e_mail_has_the_headline_as_its_subject_and_the_rest_as_text() -> None:
    with mailbox() as box:
        assert told(box.url) == ""

    (mail,) = box.mails
    assert mail["Subject"] == "1 new mismatch"
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert "- Critical: a (1)" in body.get_content()
    assert mail["To"] == "analyst@example.com"


def test_an_e_mail_that_is_refused_for_the_moment_is_sent_again() -> None:
    with mailbox("451 later", "") as box:
        assert told(box.url) == ""

    assert len(box.mails) == 1


@pytest.mark.parametrize("reply", ["554 no", "hang up"])
def test_an_e_mail_that_is_not_taken_is_said_without_secrets(reply: str) -> None:
    with mailbox(reply) as box:
        said = told(box.url.replace("?", "?pass=s3cret&"))

    assert said == (
        "mailto://127.0.0.1 was not told: apprise could not deliver the message (tried 3 times)."
        " It is told the same next time."
    )
    assert box.mails == []


def test_a_mail_server_that_keeps_silent_holds_nothing_up() -> None:
    with mailbox("silence") as box:
        said = told(box.url)

        assert "was not told" in said
    assert box.mails == []


def test_names_in_a_mail_are_text_and_no_markup() -> None:
    with mailbox() as box:
        message = Message("1 new mismatch", ("- <b>x</b> & *y* \\n {z}",), {})
        send(way_to(box.url, SOON), "it", message, SOON)

    bodies = [part.get_content() for part in box.mails[0].walk() if not part.is_multipart()]
    assert bodies
    assert not [body for body in bodies if "<b>x" in body and "html" in body.lower()]
    assert any("{z}" in body for body in bodies)


def test_pauses_grow_from_try_to_try() -> None:
    assert [Patience(10).pause(tried) for tried in (1, 2, 3)] == [1, 2, 4]

"""The server alone: what is no HTTP, what is too large, and where it listens."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from patience import LONG

from toolkit.emulator import Emulator


def test_a_body_beyond_all_measure_is_refused_unread(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    declared = post(emulator, "/getAccountInformation", b"", Content_Length="1000001")
    negative = post(emulator, "/getAccountInformation", b"", Content_Length="-1")

    assert declared.status == 413
    assert negative.status == 411
    assert post(emulator, "/getAccountInformation", "{}").status == 200


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"POST\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + b"x: y\r\n" * 500 + b"\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12",
        b"POST /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"",
    ],
)
def test_garbage_ends_its_own_connection_only(
    post: Callable[..., Any], emulator: Emulator, garbage: bytes
) -> None:
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LONG) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    assert post(emulator, "/getAccountInformation", "{}").status == 200


def test_a_request_whose_client_goes_away_in_the_middle_asks_nothing(emulator: Emulator) -> None:
    host, port = emulator.url.removeprefix("http://").split(":")
    credential = "Credential=management/20261122/us-east-1/account/aws4_request"
    head = (
        "POST /getGovCloudAccountInformation HTTP/1.1\r\n"
        f"Authorization: AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0\r\n"
        "Content-Length: 2\r\n\r\n"
    )
    answered = []
    for body in (b"{", b"{}"):
        with socket.create_connection((host, int(port)), timeout=LONG) as connection:
            connection.sendall(head.encode() + body)
            connection.shutdown(socket.SHUT_WR)
            answered.append(connection.recv(65536)[:12])

    assert answered == [b"", b"HTTP/1.1 200"]
    assert emulator.answered == {emulator.organization.management_account_id: 1}


def test_hundreds_of_idle_connections_keep_nobody_from_an_answer(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    host, port = emulator.url.removeprefix("http://").split(":")
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection((host, int(port)), timeout=LONG))
        assert post(emulator, "/getAccountInformation", "{}").status == 200


def test_nothing_is_logged_of_what_is_asked(
    post: Callable[..., Any],
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    post(emulator, "/getGovCloudAccountInformation", '{"StandardAccountId":"222222222222"}')
    post(emulator, "/getGovCloudAccountInformation", "{", key="secret-key")

    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""
    assert caplog.text == ""


def test_it_listens_on_loopback_only(emulator: Emulator) -> None:
    assert emulator.url.startswith("http://127.0.0.1:")
    port = int(emulator.url.rsplit(":", 1)[1])
    with socket.socket() as probe:
        probe.settimeout(5)
        # another loopback address is another interface's address to a server that binds to one
        assert probe.connect_ex(("127.0.0.2", port)) != 0

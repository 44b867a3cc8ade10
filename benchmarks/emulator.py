"""How many requests a second the emulator answers on one core: it must never be what is measured.

Run: python benchmarks/emulator.py [REQUESTS]

One process, held to one core where the system can do that, serves; this one asks over sixteen
kept-alive connections with bytes that are ready to send, so that asking costs as little as can be.
"""

import multiprocessing
import os
import selectors
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit.emulator import Emulator, make_organization

ACCOUNTS = 5000
CONNECTIONS = 16
WANTED = 2000


def serve(parent: Connection) -> None:
    """Serve on the first core until told to stop."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with Emulator(make_organization(ACCOUNTS)) as emulator:
        ids = [pair["account_id"] for pair in emulator.organization.pairs()[1:]]
        parent.send((emulator.url, ids))
        parent.recv()


def request(path: str, service: str, body: str, *headers: str) -> bytes:
    """Give a whole request as it goes over the wire, signed as boto3 signs."""
    signature = f"SignedHeaders=content-type;host;x-amz-date, Signature={'0' * 64}"
    scope = f"20261122/us-east-1/{service}/aws4_request"
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
        "User-Agent: Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux lang/python#3.11 Botocore/1",
        "X-Amz-Date: 20261122T120000Z",
        f"Authorization: AWS4-HMAC-SHA256 Credential=management/{scope}, {signature}",
        "amz-sdk-invocation-id: 79f55f71-41f3-4b50-879e-db2113960f07",
        "amz-sdk-request: attempt=1",
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()


def rate(address: tuple[str, int], requests: list[bytes], count: int) -> float:
    """Give the answers a second that came for so many requests, each connection asking in turn."""
    waiting = selectors.DefaultSelector()
    connections = [socket.create_connection(address) for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(connection, selectors.EVENT_READ, bytearray())
    begin, answered = time.perf_counter(), 0
    sent = len(connections)
    for number, connection in enumerate(connections):
        connection.sendall(requests[number])
    while answered < count:
        for key, _ in waiting.select():
            connection = key.fileobj
            assert isinstance(connection, socket.socket)  # noqa: S101 - nothing else is registered
            key.data.extend(connection.recv(65536))
            if not is_whole(key.data):
                continue
            key.data.clear()
            answered += 1
            connection.sendall(requests[sent % len(requests)])
            sent += 1
    seconds = time.perf_counter() - begin
    for connection in connections:
        connection.close()
    return answered / seconds


def is_whole(answer: bytearray) -> bool:
    """Tell whether the head and as many bytes as it announces are there."""
    head, found, body = answer.partition(b"\r\n\r\n")
    length = head.rpartition(b"Content-Length: ")[2]
    return bool(found) and len(body) >= int(length)


def main() -> None:
    """Print the rate of each kind of request, and its ratio to what is wanted."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,))
    server.start()
    url, ids = ours.recv()
    host, port = url.removeprefix("http://").split(":")
    pairs = [
        request("/getGovCloudAccountInformation", "account", f'{{"StandardAccountId": "{each}"}}')
        for each in ids
    ]
    target = "X-Amz-Target: AWSOrganizationsV20161128.ListAccounts"
    pages = [request("/", "organizations", "{}", target)] * CONNECTIONS
    print(f"{'operation':32}{'answers/s':>12}{'of ' + str(WANTED) + '/s':>12}")
    for name, requests in (("GetGovCloudAccountInformation", pairs), ("ListAccounts", pages)):
        reached = rate((host, int(port)), requests, count)
        print(f"{name:32}{reached:12,.0f}{reached / WANTED:11.1f}x")
    ours.send("stop")
    server.join()


if __name__ == "__main__":
    main()

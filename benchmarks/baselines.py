"""What one would write without the toolkit: boto3 in a loop, or in sixteen threads."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

RetryMode = Literal["legacy", "standard", "adaptive"]


@dataclass
class Asked:
    """How the look-ups of a baseline ended."""

    answered: int = 0
    lost: int = 0


def client(url: str, config: Config | None = None) -> Any:
    """Make a client of the account service at the emulator."""
    return boto3.client(
        "account",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="management",
        aws_secret_access_key="demo",
        config=config,
    )


def serial(url: str, ids: Iterable[str]) -> Asked:
    """Ask one account after the other with boto3 as it comes."""
    account, asked = client(url), Asked()
    for account_id in ids:
        _ask(account, account_id, asked)
    return asked


def threaded(url: str, ids: Iterable[str], mode: RetryMode | None, threads: int = 16) -> Asked:
    """Ask in threads that share one client, with a retry mode of botocore's, or no retry."""
    retries: dict[str, object] = {"mode": mode} if mode else {"total_max_attempts": 1}
    account = client(url, Config(retries=retries, max_pool_connections=threads))
    queue, lock = iter(list(ids)), threading.Lock()
    parts = [Asked() for _ in range(threads)]

    def work(part: Asked) -> None:
        for account_id in _shared(queue, lock):
            _ask(account, account_id, part)

    workers = [threading.Thread(target=work, args=(part,)) for part in parts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return Asked(sum(part.answered for part in parts), sum(part.lost for part in parts))


def _shared(items: Iterator[str], lock: threading.Lock) -> Iterator[str]:
    while True:
        with lock:
            item = next(items, None)
        if item is None:
            return
        yield item


def _ask(account: Any, account_id: str, asked: Asked) -> None:
    try:
        account.get_gov_cloud_account_information(StandardAccountId=account_id)
    except account.exceptions.ResourceNotFoundException:
        asked.answered += 1
    except (ClientError, BotoCoreError):
        asked.lost += 1
    else:
        asked.answered += 1

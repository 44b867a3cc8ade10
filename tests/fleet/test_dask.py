"""Dask as the executor: two worker processes over a bucket, and one of them is lost half-way."""

import json
import os
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import pandas as pd
import pytest
from bucketed import a_bucket_at, settings_of
from distributed import Client, LocalCluster
from emulated import hide_aws_settings
from losing import Losing
from scaled import a_store_of_two

import toolkit as tk
from toolkit.cli import main
from toolkit.fleet import counts
from toolkit.store import Store
from toolkit.store.place import place_at


@pytest.fixture(scope="module")
def address(bucket_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store of two organizations in a bucket, to which the environment leads."""
    folder = tmp_path_factory.mktemp("workers")
    with pytest.MonkeyPatch.context() as patch:
        hide_aws_settings(folder, patch)
        address = a_bucket_at(bucket_server, folder, patch)
        a_store_of_two(Store(address))
        yield address


@pytest.fixture(scope="module")
def client(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Two workers, who are told of the bucket by their environment alone."""
    del address
    cluster = LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=":0",
        local_directory=str(tmp_path_factory.mktemp("dask")),
    )
    with cluster, Client(cluster) as client:
        yield client
    # What watches over spawned processes outlives them until this one ends.
    resource_tracker._resource_tracker._stop()


@pytest.fixture
def store(
    address: str, bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Store:
    """The store, with nothing kept in it."""
    for name, value in settings_of(bucket_server, tmp_path).items():
        monkeypatch.setenv(name, value)
    forget(address)
    return Store(address)


def forget(address: str) -> None:
    """Throw away what was kept in a store, so that whoever counts has to read."""
    place = place_at(address)
    for key in place.versions("kept/"):
        place.remove(key)


def test_dask_counts_and_judges_as_threads_do(client: Client, store: Store) -> None:
    executor = client.get_executor(pure=False)

    counted, table = counts(store, executor=executor), tk.fleet(store, executor=executor)

    forget(str(store))
    pd.testing.assert_frame_equal(counted, counts(store))
    pd.testing.assert_frame_equal(table, tk.fleet(store))
    assert counted["accounts"].sum() == 2 * 10 * 3
    assert table[["organization_id", "mismatches", "snapshots"]].to_numpy().tolist() == [
        ["o-other", 1, 10],
        ["o-days", 0, 10],
    ]


def test_a_worker_that_is_lost_half_way_changes_nothing(
    client: Client, store: Store, tmp_path: Path
) -> None:
    before = set(client.run(os.getpid).values())
    mark = tmp_path / "lost"

    counted = counts(store, executor=Losing(client.get_executor(pure=False), mark))

    assert mark.exists()
    client.wait_for_workers(2)
    left = before & set(client.run(os.getpid).values())
    assert (len(before), len(left)) == (2, 1)
    pd.testing.assert_frame_equal(counted, counts(store, store.ids()))


def test_the_command_line_has_dask_do_it(
    client: Client, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for engine in ([], ["--engine", f"dask:{client.scheduler.address}"]):
        assert main(["fleet", "--store", str(store), "--format", "json", *engine]) == 0
        said.append(json.loads(capsys.readouterr().out))

    assert said[0] == said[1]
    assert [row["organization_id"] for row in said[1]] == ["o-other", "o-days"]

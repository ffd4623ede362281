"""What the Kubo adapter says when nothing, or something else, answers at the node's address."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from consentry.errors import BlobCorrupt, BlobMissing, StoreUnreachable
from consentry.storage.cid import raw_cid
from consentry.storage.kubo import KuboBlockStore
from tests.engines.answering import answering

CID = raw_cid(b"\7" * 32)
CALLS: dict[str, Callable[[KuboBlockStore], object]] = {
    "put": lambda store: store.put([b"content"]),
    "get": lambda store: store.get(CID, max_bytes=10),
    "has": lambda store: store.has(CID),
    "delete": lambda store: store.delete(CID),
}
all_calls = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


@all_calls
def test_call_says_what_to_do_when_nothing_listens(call: Callable[[KuboBlockStore], object]) -> None:
    """B-2"""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with closing(KuboBlockStore(f"/ip4/127.0.0.1/tcp/{port}")) as store:
        assert not store.health().ok
        with pytest.raises(StoreUnreachable, match="start the Kubo daemon"):
            call(store)


@pytest.mark.parametrize(
    "address", ["", "nonsense", "127.0.0.1:5001", "/ip4/127.0.0.1/udp/1", "/ip4/999.0.0.1/tcp/1"]
)
def test_store_refuses_what_is_no_address(address: str) -> None:
    """B-2"""
    with pytest.raises(StoreUnreachable):
        KuboBlockStore(address)


def test_get_gives_up_in_bounded_time_when_the_node_is_silent() -> None:
    """B-2"""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"/ip4/127.0.0.1/tcp/{silent.getsockname()[1]}"
        with closing(KuboBlockStore(address, find_seconds=0.2)) as store:
            started = time.monotonic()
            with pytest.raises(StoreUnreachable, match="in time"):
                store.get(CID, max_bytes=10)
            assert not store.health().ok
            assert time.monotonic() - started < 10


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}\n{}", b"null", b'"text"', b"\xff\xfe", b"<html>"])
def test_put_and_health_refuse_rubbish(body: bytes) -> None:
    """B-2"""
    with answering(200, body, private=False) as address, closing(KuboBlockStore(address)) as store:
        assert not store.health().ok
        with pytest.raises((StoreUnreachable, BlobCorrupt)):
            store.put([b"content"])


@pytest.mark.parametrize("status", [403, 404, 500, 502])
@all_calls
def test_call_says_unreachable_when_everything_is_refused(
    call: Callable[[KuboBlockStore], object], status: int
) -> None:
    """B-2"""
    with (
        answering(status, b"no", private=False) as address,
        closing(KuboBlockStore(address)) as store,
        pytest.raises(StoreUnreachable),
    ):
        call(store)


def test_get_refuses_other_bytes_than_the_cid_names() -> None:
    """B-2"""
    with (
        answering(200, b"other content") as address,
        closing(KuboBlockStore(address)) as store,
        pytest.raises(BlobCorrupt, match=CID),
    ):
        store.get(CID, max_bytes=100)


def test_get_says_unreachable_when_the_answer_breaks_off() -> None:
    """B-2"""
    with (
        answering(200, b"half", announced=100) as address,
        closing(KuboBlockStore(address)) as store,
        pytest.raises(StoreUnreachable),
    ):
        store.get(CID, max_bytes=100)


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        (b'{"Name": "x", "Hash": "%s", "Size": "1"}' % CID.encode(), 1 << 20),
        (b'{"Root": {"Cid": {"/": "%s"}, "PinErrorMsg": ""}}' % CID.encode(), 10),
        (b'{"Stats": {"BlockCount": 1, "BlockBytesCount": 10}}', 10),
    ],
)
def test_put_refuses_a_node_that_stores_something_else(answer: bytes, size: int) -> None:
    """B-1"""
    with (
        answering(200, answer) as address,
        closing(KuboBlockStore(address)) as store,
        pytest.raises(BlobCorrupt, match="something else"),
    ):
        store.put([bytes(size)])


def test_put_says_so_when_the_node_does_not_pin() -> None:
    """B-3"""
    cid = raw_cid(hashlib.sha256(b"content").digest())
    body = b'{"Root": {"Cid": {"/": "%s"}, "PinErrorMsg": "no room"}}' % cid.encode()
    with (
        answering(200, body) as address,
        closing(KuboBlockStore(address)) as store,
        pytest.raises(StoreUnreachable, match="no room"),
    ):
        store.put([b"content"])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"ipld: could not find x", BlobMissing),
        (b"context deadline exceeded", BlobMissing),
        (b"block in storage has different hash than requested", BlobCorrupt),
        (b"disk full", StoreUnreachable),
    ],
)
def test_get_tells_the_nodes_reasons_apart(message: bytes, expected: type[Exception]) -> None:
    """B-2"""
    body = b'{"Message": "%s", "Code": 0, "Type": "error"}' % message
    with (
        answering(500, body) as address,
        closing(KuboBlockStore(address)) as store,
        pytest.raises(expected),
    ):
        store.get(CID, max_bytes=100)

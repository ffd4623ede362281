"""One bounded HTTP exchange: in time whatever part drips, within its size, over kept connections (design §7, G-2)."""

from __future__ import annotations

import socket

import pytest

from consentry.remote.exchange import AnswerTooLarge, Exchange, NoAnswer
from tests.app.keeper.odd_peers import OK, ask, becomes, dripping, saying, serving, until_cut

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("greeting", "again"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (CHUNKED, b"1\r\n \r\n"),
        (CHUNKED + b"0\r\n", b"X: y\r\n"),
    ],
    ids=["status", "headers", "continue", "body", "body-without-end", "chunks", "trailers"],
)
def test_ask_ends_in_time_whatever_drips(greeting: bytes, again: bytes) -> None:
    """Every byte comes soon after the last; the whole never does."""
    with serving(until_cut(greeting, again)) as url, pytest.raises(NoAnswer) as failure:
        ask(Exchange(), url, seconds=0.3)
    assert failure.value.late


def test_ask_ends_in_time_when_nothing_is_read() -> None:
    """A server that takes no more bytes of a large request."""
    body = bytes(32 * 2**20)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(NoAnswer) as failure,
    ):
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        Exchange().ask("POST", url, body, {}, seconds=0.3, most=10)
    assert failure.value.late


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"]
)
def test_ask_takes_no_more_than_its_size(head: bytes) -> None:
    with serving(saying(head + bytes(5000))) as url, pytest.raises(AnswerTooLarge):
        ask(Exchange(), url)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 two hundred\r\n\r\n", OK[:-1], OK[:10],
        CHUNKED + b"5\r\nab", CHUNKED + b"zz\r\n",
    ],
)  # fmt: skip
def test_ask_takes_no_cut_answer_for_a_whole_one(answer: bytes) -> None:
    with serving(saying(answer)) as url, pytest.raises(NoAnswer) as failure:
        ask(Exchange(), url)
    assert not failure.value.late


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://127.0.0.1", "http://", "http://a:99999", "http://a b", "http://[::1", "http://ä..b"],
)
def test_ask_gives_no_answer_for_what_is_no_address(url: str) -> None:
    with pytest.raises(NoAnswer):
        ask(Exchange(), url)


def test_ask_follows_nobody_elsewhere() -> None:
    with serving(
        saying(b"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    ) as url:
        assert ask(Exchange(), url).status == 302


def test_ask_keeps_connections_and_forgets_those_that_ended() -> None:
    """Three answers over the first connection; it ends, and the fourth comes over another."""
    with serving(saying(OK, OK, OK), saying(OK)) as url:
        exchange = Exchange(kept=4)
        assert [ask(exchange, url).body for _ in range(4)] == [b"hi"] * 4
        exchange.close()


def test_ask_asks_again_when_a_kept_connection_ends_under_the_question() -> None:
    def deaf_to_the_second(peer: socket.socket) -> None:
        saying(OK)(peer)
        peer.recv(65_536)

    with serving(deaf_to_the_second, saying(OK)) as url:
        exchange = Exchange(kept=4)
        assert [ask(exchange, url).body for _ in range(2)] == [b"hi"] * 2
        exchange.close()


def test_ask_asks_once_without_kept_connections() -> None:
    """What must not be done twice is not sent twice."""
    with serving(saying(OK), saying(b"")) as url:
        exchange = Exchange()
        assert ask(exchange, url).body == b"hi"
        with pytest.raises(NoAnswer):
            ask(exchange, url)


def test_ask_keeps_no_connection_that_the_server_ends() -> None:
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with serving(saying(closing), saying(closing)) as url:
        exchange = Exchange(kept=4)
        assert [ask(exchange, url).body for _ in range(2)] == [b"hi"] * 2


def test_ask_holds_no_connection_after_the_time() -> None:
    with dripping() as server:
        with pytest.raises(NoAnswer):
            ask(Exchange(kept=4), server.url, seconds=0.2)
        assert becomes(lambda: server.taken == 1 and server.held == 0)

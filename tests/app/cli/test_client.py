"""The gateway client: failures keep their code, answers stay within time and size (G-2)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from consentry.cli.answers import clean
from consentry.cli.client import GatewayClient
from consentry.cli.problems import GatewayMisbehaved, GatewayUnreachable, SettingMissing
from consentry.errors import (
    ConsentryError,
    InputError,
    IntegrityError,
    NoGround,
    NotFhir,
    RefusedError,
    TransactionReverted,
    UnavailableError,
    by_code,
)
from consentry.fhir.outcome import operation_outcome
from tests.app.cli.odd_server import OddServer, flood, serving, trickle
from tests.app.keeper.odd_peers import dripping


@pytest.fixture
def odd() -> Iterator[OddServer]:
    with serving() as made:
        yield made


def test_every_error_comes_back_as_its_own_class(odd: OddServer) -> None:
    """G-2: a problem's code decides, whatever the class needs to be built."""
    client = GatewayClient(odd.url)
    assert len(by_code()) > 50
    for code, expected in by_code().items():
        odd.refuse("GET /x", expected.status, code, detail="Why.")
        with pytest.raises(expected) as caught:
            client.get("/x")
        assert (type(caught.value), caught.value.diagnostics) == (expected, "Why.")


def test_reverted_transactions_keep_their_words(odd: OddServer) -> None:
    odd.refuse("POST /x", 409, "transaction-reverted", detail="ConsentExpired(0x01, 5)")
    with pytest.raises(TransactionReverted, match=r"ConsentExpired\(0x01, 5\)"):
        GatewayClient(odd.url).post("/x", {})


def test_operation_outcomes_are_read_too(odd: OddServer) -> None:
    """G-2: with the elements that they name."""
    sent = NotFhir("Wrong.", expression=("Bundle.entry[0]",))
    odd.say("GET /fhir", operation_outcome(sent), 422, "application/fhir+json")
    with pytest.raises(NotFhir, match="Wrong") as caught:
        GatewayClient(odd.url).get("/fhir")
    assert (caught.value.diagnostics, caught.value.expression) == ("Wrong.", ("Bundle.entry[0]",))


@pytest.mark.parametrize(
    ("status", "base"),
    [
        (400, InputError),
        (403, RefusedError),
        (401, RefusedError),
        (502, IntegrityError),
        (503, UnavailableError),
    ],
)
def test_unknown_codes_stay_codes(odd: OddServer, status: int, base: type[ConsentryError]) -> None:
    odd.refuse("GET /x", status, "of-a-later-release", detail="Soon.", nextStep="Wait.")
    with pytest.raises(base) as caught:
        GatewayClient(odd.url).get("/x")
    assert (caught.value.code, caught.value.next_step) == ("of-a-later-release", "Wait.")
    assert "of-a-later-release" not in by_code()


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"<html>Bad Gateway</html>", 502, GatewayUnreachable),
        (b"<html>Not found</html>", 404, GatewayMisbehaved),
        (b'{"code": ["list"]}', 400, GatewayMisbehaved),
        (b'{"resourceType": "OperationOutcome", "issue": 7}', 400, GatewayMisbehaved),
        (b"[" * 100_000, 500, GatewayUnreachable),
        (b"", 302, GatewayMisbehaved),
        (b"not json", 200, GatewayMisbehaved),
        (b"\xff\xfe", 200, GatewayMisbehaved),
        (b"[1]", 200, GatewayMisbehaved),
        (b"[" * 100_000, 200, GatewayMisbehaved),
    ],
)
def test_rubbish_is_named(odd: OddServer, body: bytes, status: int, expected: type[ConsentryError]) -> None:
    odd.say("GET /x", body, status)
    with pytest.raises(expected):
        GatewayClient(odd.url).get("/x")


def test_answers_are_bounded_in_size(odd: OddServer) -> None:
    odd.stream("GET /x", flood(64))
    with pytest.raises(GatewayMisbehaved, match="larger than"):
        GatewayClient(odd.url).get("/x")


def test_answers_are_bounded_in_time_when_they_trickle(odd: OddServer) -> None:
    odd.stream("GET /x", trickle(0.05))
    with pytest.raises(GatewayUnreachable, match="within"):
        GatewayClient(odd.url, seconds=0.5).get("/x")


@pytest.mark.parametrize(
    "greeting", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"]
)
def test_other_protocols_and_cut_answers_are_no_answer(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(1024)
                peer.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(GatewayUnreachable):
            GatewayClient(f"http://127.0.0.1:{server.getsockname()[1]}", seconds=2).get("/x")
        thread.join()


def test_headers_that_never_end_are_cut_off() -> None:
    with dripping() as server, pytest.raises(GatewayUnreachable, match="within"):
        GatewayClient(server.url, seconds=0.5).get("/x")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8080",
        "ftp://x",
        "http://",
        "http://a:b",
        "http://me:pw@x",
        "http://x/?q=1",
        "http://x:99999",
    ],
)
def test_addresses_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(SettingMissing):
        GatewayClient(url)


@pytest.mark.parametrize(
    "key", ["short", "two words of text", "line\nX-Injected: 1 more", "kéy-with-accents"]
)
def test_client_keys_that_no_header_can_carry_are_refused(key: str) -> None:
    with pytest.raises(SettingMissing):
        GatewayClient("http://localhost:1", client_key=key)


def test_texts_cannot_steer_a_terminal(odd: OddServer) -> None:
    odd.refuse("GET /x", 403, "no-ground", detail="\x1b[2Jgone\u202e\nnext\x07")
    with pytest.raises(NoGround) as caught:
        GatewayClient(odd.url).get("/x")
    assert caught.value.diagnostics == "[2Jgone next" == clean("\x1b[2Jgone\u202e\nnext\x07")


def test_keys_go_into_the_header_only(odd: OddServer) -> None:
    """P-1: never into an address."""
    odd.say("GET /base/x", {})
    GatewayClient(odd.url + "/base/", client_key="key-of-the-his").get("/x")
    method, path, headers, body = odd.seen[0]
    assert (method, path, body) == ("GET", "/base/x", b"")
    assert headers["Authorization"] == "Bearer key-of-the-his"

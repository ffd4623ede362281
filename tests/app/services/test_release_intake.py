"""What a keeper refuses before any chain work and any receipt (K-2)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.crypto.signatures import SessionKey
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.requests import ReleaseRequest
from consentry.domain.sessions import MAX_SESSION_SECONDS
from consentry.errors import (
    ChainWrong,
    ConsentryError,
    LayoutInvalid,
    RateLimited,
    RequestStale,
    SignatureInvalid,
)
from consentry.services.pace import Pace
from consentry.services.release import release
from consentry.services.release_intake import MAX_BODY_BYTES, parse_release, parse_signed
from tests.app.keeper_world import NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def refuses(world: World, error: type[ConsentryError], request: ReleaseRequest, **changes: Any) -> None:
    """The request ends in `error`, before the chain was asked anything and without a receipt."""
    desk = world.desk()
    command = world.command(request)
    with pytest.raises(error):
        release(replace(command, **changes), desk)
    assert world.ledger.asked == [] and desk.book.next_seq() == 0


@pytest.mark.parametrize("seconds", [-61, 61, 3600])
def test_admit_refuses_when_the_request_is_not_fresh(world: World, seconds: int) -> None:
    """K-2: a minute either way."""
    refuses(world, RequestStale, world.request(issued_at=NOW + seconds))


@pytest.mark.parametrize("seconds", [-60, 60])
def test_admit_accepts_when_the_request_is_a_minute_away(world: World, seconds: int) -> None:
    """K-2."""
    world.given(world.desk(), world.request(issued_at=NOW + seconds))


@pytest.mark.parametrize("expires", [NOW, NOW - 1, NOW + MAX_SESSION_SECONDS + 1])
def test_admit_refuses_when_the_session_has_ended_or_lasts_too_long(world: World, expires: int) -> None:
    """K-2: at most eight hours."""
    refuses(world, SignatureInvalid, world.request(session=world.session(expires=expires)))


def test_admit_refuses_when_another_session_key_signed(world: World) -> None:
    """K-2, L-19."""
    request = world.request()
    signed = replace(world.command(request).signed, signature=SessionKey.generate().sign(request.to_bytes()))
    refuses(world, SignatureInvalid, request, signed=signed)


def test_admit_refuses_when_the_signature_is_over_other_bytes(world: World) -> None:
    """K-2: a signature lifted from another request of the same session."""
    signature = world.command(world.request()).signed.signature
    request = world.request()
    refuses(
        world, SignatureInvalid, request, signed=replace(world.command(request).signed, signature=signature)
    )


def test_admit_refuses_when_another_account_signed_the_session(world: World) -> None:
    """K-2: mallory signs a session in dr_bose's name."""
    refuses(world, SignatureInvalid, world.request(session=world.session(signer="mallory")))


def test_admit_refuses_when_the_patients_session_is_another_accounts(world: World) -> None:
    """K-2: mallory presents a session that alice signed for her page."""
    refuses(world, SignatureInvalid, world.own_request(actor=world.account("mallory")))


def test_admit_recovers_a_known_certificate_by_all_its_bytes(world: World) -> None:
    """K-2: what is remembered of a session is bound to its signature too."""
    desk = world.desk()
    session = world.session()
    world.given(desk, world.request(session=session))
    forged = replace(session, signature=bytes(32) + session.signature[32:])
    with pytest.raises(SignatureInvalid):
        release(world.command(world.request(session=forged)), desk)


def test_admit_refuses_another_chain_and_another_registry(world: World) -> None:
    """K-2, K-11: a request made for another network."""
    refuses(world, ChainWrong, world.request(chain_id=1))
    refuses(world, ChainWrong, world.request(consent_registry="0x" + "77" * 20))


def test_admit_refuses_a_key_that_nothing_can_be_sealed_to(world: World) -> None:
    """K-2: found before a receipt says that something was released."""
    refuses(world, LayoutInvalid, world.request(seal_to=b"\xff" * 1216))
    refuses(world, LayoutInvalid, world.request(seal_to=world.request().seal_to[:1184] + bytes(32)))


def test_admit_refuses_when_shares_and_items_differ_in_number(world: World) -> None:
    """K-2."""
    refuses(world, LayoutInvalid, world.request(), shares=(None, None))


def test_request_refuses_the_same_item_twice(world: World) -> None:
    """K-1, K-2: each receipt costs the keeper disk; one answer serves as well."""
    for item in (world.record, world.seed_item):
        with pytest.raises(LayoutInvalid, match="request.items"):
            world.request(item, item)
    world.request(world.record, world.seed_item, replace(world.seed_item, category="vitals"))


def test_request_refuses_a_system_account_that_asserts_itself(world: World) -> None:
    """K-1, K-2."""
    with pytest.raises(LayoutInvalid, match="request.practitioner"):
        world.system_request(practitioner=world.account("city_system"))


def test_admit_refuses_a_consent_without_a_window(world: World) -> None:
    """K-2, C-5."""
    request = world.request()
    grant = replace(request.ground.grant, valid_until=request.ground.grant.valid_from)  # type: ignore[union-attr]
    refuses(world, LayoutInvalid, world.request(ground=replace(request.ground, grant=grant)))


def test_release_refuses_who_asks_more_often_than_is_answered(world: World) -> None:
    """K-13: before any chain work; others are answered meanwhile, and so is the account after a while."""
    now = [0.0]
    desk = replace(world.desk(), pace=Pace(2, 3, ticks=lambda: now[0]))
    for _ in range(3):
        world.given(desk, world.request())
    asked = len(world.ledger.asked)
    with pytest.raises(RateLimited) as limited:
        release(world.command(world.request()), desk)
    assert limited.value.seconds == 1 and len(world.ledger.asked) == asked and desk.book.next_seq() == 3
    world.given(desk, world.own_request())
    now[0] = 0.5
    world.given(desk, world.request())


def test_pace_remembers_a_bounded_number_of_accounts() -> None:
    """K-13."""
    pace = Pace(1, 1, most_accounts=2, ticks=lambda: 0.0)
    for account in "abc":
        pace.take(Address(account))
    pace.take(Address("a"))
    with pytest.raises(RateLimited):
        pace.take(Address("c"))


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b"{" + b" " * MAX_BODY_BYTES + b"}",
     b'{"request":"e30=","signature":"","shares":[null]}', b'{"request":"e30","signature":"AA==","shares":[null]}',
     b'{"request":1,"signature":2,"shares":3}'],
)  # fmt: skip
def test_parse_release_refuses_what_is_no_body(body: bytes) -> None:
    """K-2: each ends in layout-invalid."""
    for parse in (parse_release, parse_signed):
        with pytest.raises(LayoutInvalid):
            parse(body)


def test_parse_release_reads_what_a_reader_posts(world: World) -> None:
    """K-1."""
    command = world.command(world.request(world.record, world.seed_item))
    body = {
        "request": fields.to_base64(command.signed.request),
        "signature": fields.to_base64(command.signed.signature),
        "shares": [fields.to_base64(world.shares[0]), None],
    }
    assert parse_release(json.dumps(body).encode()) == command

"""A regulator in the made-up world, and what its system account asks keepers."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from consentry.crypto import hpke
from consentry.domain.ledger import MemberInfo, MemberStatus, StaffInfo
from consentry.domain.queries import FeedQuery
from consentry.domain.sessions import SessionKind
from consentry.services.release_intake import Signed
from tests.app.keeper_world import CHAIN_ID, NOW, World

REGULATOR = "mercy"
"""Who is regulator in this world; its system account is mallory's key."""


def regulated(tmp_path: Path) -> World:
    made = World(tmp_path)
    regulator, system = made.account(REGULATOR), made.account("mallory")
    made.ledger.by_name["Regulator"] = MemberInfo(
        regulator, "Regulator", "regulator", MemberStatus.Active, 1, ()
    )
    made.ledger.latest.regulator = regulator
    made.ledger.latest.staff[system] = StaffInfo(system, regulator, "system", "any", NOW + 1000)
    return made


def query(world: World, **changes: Any) -> FeedQuery:
    system = world.account("mallory")
    session = world.session(
        signer="mallory", kind=SessionKind.SYSTEM, actor=system, member="Regulator", purpose="any"
    )
    asked: dict[str, Any] = {
        "actor": system,
        "after": 0,
        "chain_id": CHAIN_ID,
        "issued_at": NOW,
        "keeper": world.committee.keepers[0].account,
        "nonce": secrets.token_bytes(16),
        "seal_to": hpke.public_key(world.opener),
        "session": session,
    }
    return FeedQuery(**{**asked, **changes})


def signed(world: World, **changes: Any) -> Signed:
    raw = query(world, **changes).to_bytes()
    return Signed(raw, world.session_key.sign(raw))

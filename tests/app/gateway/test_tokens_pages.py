"""What an access token was shown: narrowed to its scopes, its own alone, gone when it ends (T-1, T-4)."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from consentry.domain.sessions import SessionKind
from tests.app.gateway.shelves import Ward, glucose, link, matches, problem, ward
from tests.app.gateway.systems import System, registered
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture
def shelf(world: World) -> Ward:
    made = ward(world, f"T-{secrets.token_hex(4)}")
    made.publish(*(glucose(day) for day in range(1, 6)), problem())
    made.grant()
    return made


@pytest.fixture
def his(shelf: Ward) -> System:
    return registered(shelf.world.city)


def sign_in(his: System, shelf: Ward, scope: str = "system/*.rs") -> System:
    context: dict[str, Any] = {"purpose_of_use": ["TREAT"], "subject_id": shelf.dr_bose.wallet.address}
    return his.sign_in(scope, **context)


def get(his: System, path: str) -> Any:
    return his.send("GET", path if path.startswith("http") else f"/fhir/{path}")


def shown_to(his: System) -> int:
    """How many sets of what was shown stand in memory for this token."""
    parts = his.hospital.gateway
    digest = parts.backend.tokens.who(his.token).digest
    return sum(one.owner.holder == digest for one in parts.shown.shown._held[SessionKind.SYSTEM].values())


def test_search_needs_its_type_and_everything_is_narrowed(his: System, shelf: Ward) -> None:
    """T-1: what the scopes do not hold is refused where it is asked for, and absent where it would come along."""
    sign_in(his, shelf, "system/Observation.rs system/Patient.r")
    assert get(his, f"Observation?patient={shelf.ref}").json["total"] == 5
    refused = get(his, f"Condition?patient={shelf.ref}")
    assert (refused.status_code, code_of(refused)) == (403, "scope-insufficient")
    entries = get(his, f"Patient/{shelf.ref}/$everything").json["entry"]
    assert {one["resource"]["resourceType"] for one in entries} == {"Patient", "Observation"}
    refused = get(his, f"Patient/{shelf.ref}/$everything?_history=true")
    assert (refused.status_code, code_of(refused)) == (403, "scope-insufficient")
    sign_in(his, shelf)
    entries = get(his, f"Patient/{shelf.ref}/$everything").json["entry"]
    assert "Condition" in {one["resource"]["resourceType"] for one in entries}


def test_pages_are_of_the_token_that_asked_and_end_with_it(his: System, shelf: Ward) -> None:
    """T-4: another token of the same client, for the same practitioner and purpose, goes on with nothing."""
    first = sign_in(his, shelf).token
    path = link(get(his, f"Observation?patient={shelf.ref}&_count=2"), "next")
    assert path is not None and len(matches(get(his, path))) == 2
    name = matches(get(his, path))[0]["id"]
    assert get(his, f"Observation/{name}").status_code == 200
    sign_in(his, shelf)
    assert code_of(get(his, path)) == "page-gone" and shown_to(his) == 0
    assert get(his, f"Observation/{name}").status_code == 200 and shown_to(his) == 1  # read anew (F-25)
    his.token = first
    assert shown_to(his) == 1 and len(matches(get(his, path))) == 2
    digest = his.hospital.gateway.backend.tokens.who(first).digest
    assert his.post_form("/oauth/revoke", token=first).status_code == 200
    assert get(his, path).status_code == 401
    held = his.hospital.gateway.shown.shown._held[SessionKind.SYSTEM].values()
    assert digest not in {one.owner.holder for one in held}

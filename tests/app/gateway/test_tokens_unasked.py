"""What asks for no scope answers no access token, in a batch too (T-9, F-10)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from consentry.gateway import auth
from consentry.gateway.app import create_app
from tests.app.gateway.people import Hospital
from tests.app.gateway.systems import System, registered
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture
def his(world: World) -> System:
    return registered(world.city)


def forgetful(hospital: Hospital) -> FlaskClient:
    """A gateway with a FHIR route that never asks for a scope."""
    app = create_app(hospital.gateway)

    @app.get("/fhir/forgotten")
    def forgotten() -> dict[str, str]:
        return {"resourceType": "Basic", "id": auth.client().name}

    return app.test_client()


def test_route_that_asks_for_no_scope_answers_no_token(his: System) -> None:
    """T-9: what a route forgets stays closed to systems with scopes, and open to those with client keys."""
    app = forgetful(his.hospital)
    his.sign_in()
    asked = {"Authorization": f"Bearer {his.token}"}
    answer = app.get("/fhir/forgotten", headers=asked)
    assert (answer.status_code, code_of(answer)) == (403, "scope-insufficient")
    asked = {"Authorization": f"Bearer {his.hospital.key}"}
    assert app.get("/fhir/forgotten", headers=asked).json["id"] == "his"


@pytest.mark.parametrize(
    ("urls", "status"),
    [
        (("metadata",), ("200",)),
        (("Nothing/x",), ("404",)),
        (("forgotten", "metadata"), ("403", "200")),
        (("Organization", "forgotten", "metadata"), ("200", "403", "200")),
    ],
)
def test_entries_of_a_batch_need_scopes_as_if_each_were_sent_by_itself(
    his: System, urls: tuple[str, ...], status: tuple[str, ...]
) -> None:
    """F-10, T-9: whatever the entries beside them ask for."""
    rows = [{"request": {"method": "GET", "url": one}} for one in urls]
    answer = forgetful(his.hospital).post(
        "/fhir",
        json={"resourceType": "Bundle", "type": "batch", "entry": rows},
        headers={"Authorization": f"Bearer {his.sign_in().token}"},
    )
    assert answer.status_code == 200, answer.text
    assert tuple(one["response"]["status"][:3] for one in answer.json["entry"]) == status

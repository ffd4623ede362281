"""Reading sessions: whose signature opens one, for which purpose, how long (K-2, G-3)."""

from __future__ import annotations

from consentry.crypto.signatures import session_signer
from consentry.domain import fields, times
from consentry.domain.sessions import MAX_SESSION_SECONDS, SessionKind
from consentry.services.reading_session import MARGIN_SECONDS, RENEW_SECONDS, SystemSession
from tests.app.gateway.content import bundle, proposal
from tests.app.gateway.test_gateway_exchange import grant
from tests.app.gateway.test_gateway_reading import code_of, everything
from tests.app.gateway.test_gateway_sign_in import Hands
from tests.app.gateway.world import World


def test_session_opens_only_by_the_persons_own_signature(world: World) -> None:
    dr_bose, ines, mallory = world.staff(world.city), world.staff(world.city), world.person(world.city)
    made = dr_bose.send("POST", "/api/reading-sessions/challenges", {"purpose": "TREAT"}).json
    message = made["typedData"]["message"]
    assert (message["member"], message["purpose"]) == (world.city.name, "TREAT")
    foreign = fields.to_hex(mallory.wallet.sign_typed(made["typedData"]))
    own = {"ref": made["ref"], "signature": fields.to_hex(dr_bose.wallet.sign_typed(made["typedData"]))}
    for body, code in (
        (own | {"signature": foreign}, "signature-invalid"),
        (own | {"ref": "x"}, "challenge-unknown"),
    ):
        assert code_of(dr_bose.send("POST", "/api/reading-sessions", body)) == code
    assert code_of(ines.send("POST", "/api/reading-sessions", own)) == "challenge-unknown"
    opened = dr_bose.send("POST", "/api/reading-sessions", own)
    assert opened.status_code == 201 and times.seconds(opened.json["expiresAt"]) > 0
    assert code_of(dr_bose.send("POST", "/api/reading-sessions", own)) == "challenge-unknown"
    dr_bose.send("DELETE", "/api/sign-in")
    assert code_of(everything(dr_bose, "x")) == "not-signed-in"


def test_session_is_for_a_purpose_that_fits_the_person(world: World) -> None:
    dr_bose, alice = world.staff(world.city), world.person(world.city)
    alice.sign_in()
    for who, purpose in ((dr_bose, "any"), (dr_bose, "FUN"), (alice, "any"), (alice, "x" * 40)):
        answer = who.send("POST", "/api/reading-sessions/challenges", {"purpose": purpose})
        assert (answer.status_code, code_of(answer)) == (400, "layout-invalid")
    stranger = alice.send("POST", "/api/reading-sessions/challenges", {"purpose": "TREAT"})
    assert code_of(stranger) == "actor-unknown" and "not enrolled as staff" in stranger.json["detail"]


def test_sessions_of_several_purposes_are_open_together(world: World) -> None:
    """G-3: opening one does not end another; a header picks, without it the one opened last counts."""
    dr_bose, alice = world.staff(world.city), world.patient(world.city)
    ref = world.city.link("R-20", alice)
    world.city.publish(bundle("R-20"))
    shown = dr_bose.send("POST", "/api/consents/proposals", proposal(ref)).json
    assert grant(alice, shown).status_code == 200
    path = f"/fhir/Patient/{ref}/$everything"
    dr_bose.open_session("TREAT")
    dr_bose.open_session("HRESCH")
    assert code_of(dr_bose.send("GET", path)) == "no-ground"
    assert dr_bose.send("GET", path, **{"X-Consentry-Purpose": "TREAT"}).status_code == 200
    assert code_of(dr_bose.send("GET", path, **{"X-Consentry-Purpose": "COC"})) == "reading-session-missing"
    assert code_of(dr_bose.send("GET", path, **{"X-Consentry-Purpose": "FUN"})) == "header-invalid"
    dr_bose.open_session("TREAT")
    assert dr_bose.send("GET", path).status_code == 200


def test_system_session_signs_itself_and_is_renewed_in_time(world: World) -> None:
    """Kind system, any purpose, at most eight hours on a keeper's clock too."""
    clock, site = Hands(1_800_000_000), world.city.gateway.site
    system = SystemSession(b"\x07" * 32, site, clock)
    first = system.reader(world.city.account.address, "TREAT")
    certificate = first.certificate
    assert (certificate.kind, certificate.fields.purpose) == (SessionKind.SYSTEM, "any")
    assert session_signer(certificate, site.chain_id) == system.account == first.actor
    assert certificate.is_live(clock.now() - MARGIN_SECONDS)
    clock.time += MAX_SESSION_SECONDS - MARGIN_SECONDS - RENEW_SECONDS
    assert system.reader(world.city.account.address, "TREAT").certificate is certificate
    clock.time += 1
    assert system.reader(world.city.account.address, "TREAT").certificate is not certificate

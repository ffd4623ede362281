"""A mother, who gives a mandate, and her daughter, who grants and revokes under it, as their wallets do."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from consentry.domain import fields, mandates, revocation
from consentry.domain import terms as domain
from consentry.domain.addresses import Address
from consentry.domain.mandates import Mandate, Scope
from consentry.domain.provisions import Provision
from consentry.domain.terms import Consent
from tests.app.gateway.content import DAY, terms
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.world import World

GRANTED = "/api/behalf/consents"
SCOPE = Provision(("TREAT", "FAMRQT"), ("laboratory", "visit"), "R", "any", "any", ("any",), ("any",))


@dataclass
class Carers:
    """Both are signed in at City's gateway, each for herself."""

    world: World
    alice: Person
    carol: Person

    @property
    def registry(self) -> Address:
        return self.world.city.gateway.consents.registry

    def given(self, *scope: Provision, days: int = 30) -> Mandate:
        """A mandate that the chain has."""
        now = int(time.time())
        patient, representative = (Address(one.wallet.address) for one in (self.alice, self.carol))
        mandate = Mandate(
            patient,
            representative,
            Scope(scope or (SCOPE,), secrets.token_bytes(32)),
            now - 120,
            now + days * DAY,
            now + DAY,
        )
        data = mandates.typed_data(mandate, self.world.ledger.chain_id, self.registry)
        signature = fields.to_hex(self.alice.wallet.sign_typed(data))
        body = {"mandate": mandate.to_json(), "name": "Carol", "signature": signature}
        answer = self.alice.send("POST", "/api/mandates", body)
        assert answer.status_code == 200, answer.text
        return mandate

    def id_of(self, mandate: Mandate) -> str:
        return fields.to_hex(mandates.mandate_id(mandate, self.world.ledger.chain_id, self.registry))

    def drafted(self, to: Hospital, days: int = 20, **more: Any) -> Consent:
        now = int(time.time()) - 60
        named = {"recipient": to.account.address, "recipientName": to.name}
        salt = {"salt": fields.to_hex(secrets.token_bytes(32))}
        made = domain.Terms.from_json(terms(**more) | named | salt)
        return Consent(Address(self.alice.wallet.address), made, now, now + days * DAY, now + DAY)

    def body(self, consent: Consent, mandate: Mandate, by: Person | None = None) -> dict[str, Any]:
        data = domain.typed_data(consent, self.world.ledger.chain_id, self.registry)
        signature = fields.to_hex((by or self.carol).wallet.sign_typed(data))
        return {"consent": consent.to_json(), "mandate": mandate.to_json(), "signature": signature}

    def grant(self, consent: Consent, mandate: Mandate) -> str:
        """The consent's id, 0x hex."""
        answer = self.carol.send("POST", GRANTED, self.body(consent, mandate))
        assert answer.status_code == 200 and answer.json["transaction"], answer.text
        return str(answer.json["id"])

    def revocation(self, consent: str, by: Person | None = None) -> str:
        patient, known = Address(self.alice.wallet.address), fields.hex_bytes(consent, "id")
        data = revocation.typed_data(patient, known, self.world.ledger.chain_id, self.registry)
        return fields.to_hex((by or self.carol).wallet.sign_typed(data))

    def revoke(self, consent: str, mandate: Mandate, by: Person | None = None) -> TestResponse:
        body = {"mandate": mandate.to_json(), "signature": self.revocation(consent, by)}
        return self.carol.send("POST", f"{GRANTED}/{consent}/revocation", body)

    def end(self, mandate: Mandate) -> None:
        """By the patient."""
        name = self.id_of(mandate)
        body = {"signature": self.revocation(name, self.alice)}
        answer = self.alice.send("POST", f"/api/consents/{name}/revocation", body)
        assert answer.status_code == 200, answer.text

    def seen(self, who: Person, path: str) -> list[dict[str, Any]]:
        answer = who.send("GET", path)
        assert answer.status_code == 200, answer.text
        return list(answer.json["consents"])


def carers(world: World) -> Carers:
    alice, carol = world.patient(world.city), world.person(world.city)
    carol.sign_in()
    return Carers(world, alice, carol)

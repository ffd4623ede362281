"""A hospital's own system as its makers set it up: a key that the gateway knows, access tokens for it, a patient to work with;
and everything that a gateway answers such clients, kept so that all of it can be validated."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import requests
from fhir.resources.R4B import get_fhir_model_class
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from consentry.bootstrap.clients import open_book
from consentry.cli.client import GatewayClient
from consentry.config import read_gateway_config
from consentry.demo.actors import Hospital, Patient
from consentry.domain import addresses, fields
from consentry.network.run import Network
from consentry.ports.client_book import RegisteredClient
from consentry.services.client_keys import read_keys
from tests.journeys.bundles import TERMS, bundle, laboratory, patient

SCOPES = "system/*.cruds"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AT_MERCY = 24
"""Laboratory results that another hospital holds of each patient."""

ANYTHING = {"roles": ["any"], "maxUses": 0, "provisions": [TERMS["provisions"][0] | {"categories": ["any"]}]}


@dataclass
class Ward:
    """City's system, registered at City's gateway; a patient who let City read everything for treatment,
    with results at Mercy.
    `ref` is how City's gateway calls the patient, `doctor` an account that City enrolled."""

    url: str
    name: str
    key: ECKey = field(repr=False)
    patient: Patient
    ref: str
    doctor: str

    @property
    def base(self) -> str:
        return f"{self.url}/fhir"

    def assertion(self) -> str:
        """A signed JWT that says who asks for a token, for which purpose and for which practitioner."""
        now = int(time.time())
        context = {"version": "1", "purpose_of_use": ["TREAT"], "subject_id": self.doctor}
        claims = {
            "iss": self.name,
            "sub": self.name,
            "aud": f"{self.url}/oauth/token",
            "exp": now + 240,
            "iat": now,
            "jti": secrets.token_hex(16),
            "extensions": {"hl7-b2b": context},
        }
        header = {"alg": "ES384", "kid": self.key.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self.key, registry=jws.JWSRegistry(algorithms=["ES384"]))

    def token(self) -> str:
        """For clients that leave the OAuth exchange to who uses them. Asks where the gateway says it gives tokens."""
        told = requests.get(f"{self.base}/.well-known/smart-configuration", timeout=60).json()
        form = {
            "grant_type": "client_credentials",
            "scope": SCOPES,
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(),
        }
        answer = requests.post(told["token_endpoint"], data=form, timeout=60)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def wallet_token(self) -> str:
        """The patient's own, for a signature of the wallet (EIP-4361)."""
        gateway, wallet = GatewayClient(self.url), self.patient.wallet
        asked = {"address": addresses.checksum(wallet.address)}
        message = gateway.post("/api/sign-in/challenges", asked)["message"]
        signed = {"message": message, "signature": fields.to_hex(wallet.sign_text(message))}
        return str(gateway.post("/api/sign-in", signed)["token"])

    def glucose(self, value: float, **more: Any) -> dict[str, Any]:
        """A result that City's system has never sent."""
        return laboratory(value, day="2026-05-01") | {"subject": {"reference": f"Patient/{self.ref}"}} | more


def open_ward(network: Network, mercy: Hospital, city: Hospital, somebody: Patient, number: str) -> Ward:
    ward = closed_ward(network, mercy, city, somebody, number)
    city.propose(ward.ref, ANYTHING, days=1)
    somebody.grant(somebody.consents()[0])
    return ward


def closed_ward(network: Network, mercy: Hospital, city: Hospital, somebody: Patient, number: str) -> Ward:
    """The patient has let nobody read anything."""
    somebody.open_directory(network)
    at_mercy, at_city = mercy.link(number, somebody.wallet), city.link(number, somebody.wallet)
    days = [f"2026-0{1 + count // 12}-{1 + count % 12:02}" for count in range(AT_MERCY)]
    results = [laboratory(4 + count / 10, day=day) for count, day in enumerate(days)]
    mercy.publish(bundle(patient(number), *results), at_mercy)
    key = ECKey.generate_key("P-384", {"kid": "one"})
    name = f"his-{secrets.token_hex(4)}"
    register(network, "city", name, key)
    return Ward(network.gateways["city"], name, key, somebody, at_city, network.people["dr_bose"])


def register(network: Network, slug: str, name: str, key: ECKey) -> None:
    """At this member's gateway, as `consentry client register` does, while it runs."""
    public = {"keys": [{**key.as_dict(private=False), "kid": key.kid}]}
    kept = json.dumps(read_keys(json.dumps(public).encode()).public())
    book = open_book(read_gateway_config(network.place.member(slug) / "gateway.json"))
    book.register(RegisteredClient(name, kept, SCOPES, int(time.time())))


@dataclass
class Seen:
    """Bodies of everything that clients were answered, in its order, each with its status."""

    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def note(self, status: int, body: bytes | str) -> None:
        if body:
            self.answers.append((status, json.loads(body)))

    def pages(self) -> list[dict[str, Any]]:
        """The searchsets."""
        return [one for _, one in self.answers if one.get("type") == "searchset"]

    def validate(self) -> int:
        """Each resource that was returned, whatever for, by the classes of FHIR R4B. How many there were."""
        found = [one for _, one in self.answers if "resourceType" in one]
        for one in found:
            get_fhir_model_class(one["resourceType"]).model_validate(one)
        refused = [one for status, one in self.answers if status >= 400 and "error" not in one]
        assert all(one.get("resourceType") == "OperationOutcome" for one in refused), refused
        return len(found)


@contextmanager
def noting(patch: Callable[[Any, str, Any], None]) -> Iterator[Seen]:
    """What `requests` and `aiohttp` received meanwhile. `patch` sets an attribute until the test ends."""
    seen = Seen()
    send, read = requests.Session.send, aiohttp.ClientResponse.read

    def sent(self: requests.Session, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        answer = send(self, request, **more)
        seen.note(answer.status_code, answer.content)
        return answer

    async def received(self: aiohttp.ClientResponse) -> bytes:
        body = await read(self)
        seen.note(self.status, body)
        return body

    patch(requests.Session, "send", sent)
    patch(aiohttp.ClientResponse, "read", received)
    yield seen

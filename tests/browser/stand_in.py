"""A gateway that can lie, for what the page must notice before it asks a wallet for anything.

It speaks the gateway's API in memory over the product's own domain rules: signatures, consents and directory documents
are real, only the chain is missing. `lies` switches single answers to dishonest ones, which the real gateway never gives.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from consentry.domain import eip712, terms, times

CHAIN_ID = 1337
SEATS, THRESHOLD = 5, 3
CONTRACTS = {"ConsentRegistry": "0x" + "c0" * 20, "IdentityRegistry": "0x" + "1d" * 20}


@dataclass
class StandIn:
    url: str = ""
    lies: set[str] = field(default_factory=set)
    consents: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    under: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By consent id, the mandate under which the chain has it as granted, and how that stands."""
    keeper_seeds: list[bytes] = field(default_factory=lambda: [secrets.token_bytes(32) for _ in range(SEATS)])
    documents: list[bytes] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def propose(self, patient: str, **changes: Any) -> str:
        """File a consent for the patient to sign; returns its id."""
        now = int(time.time())
        consent = terms.Consent.from_json(
            {
                "patient": patient.lower(),
                "terms": {
                    "recipientName": "City Hospital",
                    "recipient": "0x" + "c1" * 20,
                    "roles": ["attending"],
                    "provisions": [
                        {
                            "purposes": ["TREAT"],
                            "categories": ["laboratory", "medication"],
                            "confidentiality": "N",
                            "dataFrom": "2025-01-01T00:00:00Z",
                            "dataUntil": "any",
                            "authors": ["Mercy Hospital"],
                            "records": ["any"],
                        }
                    ],
                    "maxUses": 4,
                    "salt": "0x" + secrets.token_hex(32),
                },
                "validFrom": times.iso(now),
                "validUntil": times.iso(now + 90 * 86400),
                "relayBefore": times.iso(now + 7 * 86400),
            }
            | changes
        )
        data = terms.typed_data(consent, CHAIN_ID, CONTRACTS["ConsentRegistry"])
        consent_id = "0x" + terms.consent_id(consent, CHAIN_ID, CONTRACTS["ConsentRegistry"]).hex()
        self.consents[consent_id] = {
            "id": consent_id,
            "status": "proposed",
            "words": {language: terms.in_words(consent, language) for language in ("en", "zh")},
            "consent": consent.to_json(),
            "typedData": data,
            "transaction": None,
            "changedAt": None,
        }
        return consent_id

    def shown(self, consent_id: str) -> dict[str, Any]:
        """A consent as the API gives it: honest, or with the lie that is on."""
        consent = dict(self.consents[consent_id])
        if "typed-data" in self.lies:
            message = dict(consent["typedData"]["message"])
            message["terms"] = message["terms"] | {"roles": ["any"]}
            consent["typedData"] = consent["typedData"] | {"message": message}
        if "shown-terms" in self.lies:
            consent["consent"] = consent["consent"] | {"validUntil": "2031-01-01T00:00:00Z"}
        if "consistent-other-patient" in self.lies:
            self.lies.discard("consistent-other-patient")
            return self.consents[self.propose("0x" + "66" * 20)]
        if "mild-words" in self.lies:
            consent["words"] = {"en": ["Nobody reads anything."], "zh": ["没有人查看任何内容。"]}
        for status in ("active", "revoked", "proposed", "expired"):
            if f"says-{status}" in self.lies:
                consent["status"] = status
        if "unknown-code" in self.lies:
            _widen(consent)
        return consent


def _widen(consent: dict[str, Any]) -> None:
    """A purpose that no page knows, in terms, typed data and id alike."""
    data = json.loads(json.dumps(consent["typedData"]))
    data["message"]["terms"]["provisions"][0]["purposes"].append("MARKETING")
    consent |= {"consent": data["message"], "typedData": data, "id": "0x" + eip712.digest(data).hex()}

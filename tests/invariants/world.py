"""The actors by number, what they hold in their hands, and the outcome of what they do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from eth_utils import keccak
from eth_utils.abi import abi_to_signature

from tests.contracts.calls import calldata
from tests.contracts.committees import keepers_of
from tests.contracts.consents import CITY, Draft, Person, asked, asker, facts, terms
from tests.contracts.emergency.openings import Box, summary
from tests.contracts.identity.guardians import Circle
from tests.contracts.mandates import MandateDraft, scope
from tests.invariants.identities import NOBODY
from tests.invariants.model import CHAMBERS, DAY, FIRST_COMMITTEE, KEEPERS, Consent, Mandate, Opening, Paper
from tests.invariants.node import Node

PATIENTS, KEYS, DOCTORS, CIRCLES = 2, 3, 3, 2
NO_COMMITMENT = "0x" + "00" * 32


@dataclass(frozen=True)
class World:
    """The contracts after the hand-over; members in the order of the chambers, the recipient first."""

    contracts: SimpleNamespace
    members: list[Any]
    node: Node = field(default_factory=Node)
    # what was worked out for papers of the running example
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        self.node.begin()
        self.known.clear()

    def person(self, number: int) -> Person:
        """Patients' own keys first, then one more."""
        return Person.named(f"key {number}")

    def doctor(self, number: int) -> Person:
        return Person.named(f"doctor {number}")

    def keeper(self, number: int) -> Person:
        return Person.named(f"keeper {number}")

    def guardian(self, number: int) -> Person:
        return Person.named(f"guardian {number}")

    def account(self, member: int, key: int) -> Any:
        return Person.named(f"member {member} key {key}") if key else self.members[member]

    def circle(self, number: int) -> Circle:
        """Two of three guardians; the sets differ in one of them."""
        return Circle.of(2, *(self.guardian(number + place) for place in range(3)))

    def commitment(self, circle: int, patient: int) -> str:
        if circle == NOBODY:
            return NO_COMMITMENT
        return self.circle(circle).commitment(self.contracts.IdentityRegistry, self.person(patient).address)

    def draft(self, one: Consent) -> Draft:
        said = terms(self.members[0]) | {"salt": word(one.salt)}
        patient = self.person(one.patient).address
        return Draft(patient, said, one.valid_from, one.valid_until, one.valid_until)

    def mandate(self, one: Mandate) -> MandateDraft:
        patient, who = self.person(one.patient).address, self.person(one.representative).address
        said = scope(salt=word(one.salt))
        if one.narrow:
            said["provisions"][0]["purposes"] = ["HRESCH"]
        return MandateDraft(patient, who, said, one.valid_from, one.valid_until, one.valid_until)

    def paper_id(self, one: Paper) -> str:
        registry = self.contracts.ConsentRegistry
        if isinstance(one, Mandate):
            return self._known(("id", one), lambda: self.mandate(one).mandate_id(registry))
        assert isinstance(one, Consent)
        return self._known(("id", one), lambda: self.draft(one).consent_id(registry))

    def carried(self, one: Paper) -> tuple[Any, ...]:
        """What the transaction carries."""
        registry = self.contracts.ConsentRegistry
        if isinstance(one, Mandate):
            return self._known(("carried", one), lambda: self.mandate(one).carried(registry))
        assert isinstance(one, Consent)
        return self._known(("carried", one), lambda: self.draft(one).grant(registry))

    def box(self, one: Opening) -> Box:
        who = self.doctor(one.first).address, self.doctor(one.second).address
        return Box(self.person(0).address, word(one.salt), CITY, *who, one.open_until, one.open_until)

    def asks_consent(self, one: Consent, doctor: int) -> tuple[str, str]:
        """The question whether the consent permits, with its mandate if there is one."""

        def question() -> tuple[str, str]:
            draft, shown = self.draft(one), ()
            if one.mandate is not None:
                shown = (self.carried(one.mandate), self.mandate(one.mandate).scope)
            ask = asked(self.carried(one), draft.terms, asker(self.doctor(doctor)), *shown)
            return self.asks("ConsentRegistry", "permits", ask, facts(self.members[1]))

        return self._known(("permits", one, doctor, one.mandate), question)

    def asks_opening(self, one: Opening, doctor: int) -> tuple[str, str]:
        def question() -> tuple[str, str]:
            box, who = self.box(one), asker(self.doctor(doctor), purpose="ETREAT")
            ask = (box.subject, box.declaration(self.contracts.EmergencyAccess), who)
            return self.asks("EmergencyAccess", "permits", ask, summary(self.members[1]))

        return self._known(("opens", one.salt, doctor), question)

    def asks(self, contract: str, function: str, *arguments: Any) -> tuple[str, str]:
        target = getattr(self.contracts, contract)
        return target.address, calldata(target, function, *arguments)

    def error_of(self, contract: str, function: str, *arguments: Any, sender: Any) -> str:
        """Try a call without sending it: the name of the error, or nothing."""
        return self.error_of_data(*self.asks(contract, function, *arguments), sender)

    def error_of_data(self, address: str, data: str, sender: Any) -> str:
        refused = self.node.refusal(sender, address, data)
        if refused is None:
            return ""
        if not self.errors:
            self.errors.update(self._named_errors())
        return self.errors.get(refused[:10], refused)

    def attempt(self, contract: str, function: str, *arguments: Any, sender: Any) -> str:
        """Try a call, and send it if it would succeed."""
        address, data = self.asks(contract, function, *arguments)
        error = self.error_of_data(address, data, sender)
        if not error:
            self.node.send(sender, address, data)
        return error

    def committee(self, keepers: int = FIRST_COMMITTEE) -> tuple[list[tuple[Any, ...]], int]:
        """Keepers of these members, each in its chamber."""
        chamber_of = {member: number for number, chamber in enumerate(CHAMBERS) for member in chamber}
        places = [(self.members[member], chamber_of[member]) for member in KEEPERS[:keepers]]
        return keepers_of(places), 2 if keepers == FIRST_COMMITTEE else 3

    def _known(self, name: tuple[Any, ...], work_out: Any) -> Any:
        if name not in self.known:
            self.known[name] = work_out()
        return self.known[name]

    def _named_errors(self) -> dict[str, str]:
        return {
            "0x" + keccak(text=abi_to_signature(one))[:4].hex(): one["name"]
            for contract in vars(self.contracts).values()
            for one in contract.abi
            if one["type"] == "error"
        }


def word(number: int) -> str:
    return "0x" + hashlib.sha256(f"word {number}".encode()).hexdigest()


def days(number: int) -> int:
    return number * DAY

"""Doing things on the chain and seeing what happened: the outcome of a call, and the actors by number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from brownie import chain, web3
from eth_utils import keccak
from eth_utils.abi import abi_to_signature

from scripts import settings
from tests.contracts.calls import calldata, view
from tests.contracts.committees import keepers_of
from tests.contracts.consents import CITY, Draft, Person, asked, asker, facts, terms
from tests.contracts.emergency.openings import Box, summary
from tests.invariants.model import Consent, Opening

DAY = 86_400
PATIENTS, KEYS, DOCTORS = 2, 3, 3


@dataclass(frozen=True)
class World:
    """The contracts after the hand-over; members in the order of the chambers, the recipient first."""

    contracts: SimpleNamespace
    governed: Any
    members: list[Any]

    def person(self, number: int) -> Person:
        """Patients' own keys first, then one more."""
        return Person.named(f"key {number}")

    def doctor(self, number: int) -> Person:
        return Person.named(f"doctor {number}")

    def keeper(self, number: int) -> Person:
        return Person.named(f"keeper {number}")

    def now(self) -> int:
        return int(web3.eth.get_block("latest")["timestamp"])

    def draft(self, one: Consent) -> Draft:
        said = terms(self.members[0]) | {"salt": word(one.salt)}
        patient = self.person(one.patient).address
        return Draft(patient, said, one.valid_from, one.valid_until, one.valid_until)

    def box(self, one: Opening) -> Box:
        who = self.doctor(one.first).address, self.doctor(one.second).address
        return Box(self.person(0).address, word(one.salt), CITY, *who, one.open_until, one.open_until)

    def is_permitted(self, one: Consent, doctor: int) -> bool:
        registry, draft = self.contracts.ConsentRegistry, self.draft(one)
        ask = asked(draft.grant(registry), draft.terms, asker(self.doctor(doctor)))
        return view(registry, "permits", ask, facts(self.members[1])) == 0

    def is_open(self, one: Opening, doctor: int) -> bool:
        registry, box = self.contracts.EmergencyAccess, self.box(one)
        who = asker(self.doctor(doctor), purpose="ETREAT")
        ask = (box.subject, box.request(registry), who)
        return view(registry, "permits", ask, summary(self.members[1])) == 0

    def error_of(self, contract: Any, function: str, *arguments: Any, sender: Any) -> str:
        """Try a call without sending it: the name of the error, or nothing."""
        return self.error_of_data(contract, calldata(contract, function, *arguments), sender)

    def error_of_data(self, contract: Any, data: str, sender: Any) -> str:
        try:
            web3.eth.call({"from": str(sender), "to": contract.address, "data": data})
        except ValueError as refused:  # Brownie hands the node's answer on
            data = refused.args[0].get("data")
            if isinstance(data, dict):  # Ganache puts it under the transaction that there is none of
                data = data["0x"]["reason"]
            return self._errors().get(str(data)[:10], str(refused))
        return ""

    def attempt(self, contract: Any, function: str, *arguments: Any, sender: Any) -> str:
        """Try a call, and send it if it would succeed."""
        error = self.error_of(contract, function, *arguments, sender=sender)
        if not error:
            data = calldata(contract, function, *arguments)
            sender.transfer(to=contract.address, data=data, gas_price=settings.GAS_PRICE, silent=True)
        return error

    def publish_committee(self) -> None:
        """A keeper for one member of each chamber, by vote."""
        places = [(self.members[first], chamber) for chamber, first in enumerate((0, 3, 5))]
        self.governed.by_vote((self.contracts.KeeperCommittee, "publish", keepers_of(places), 2))

    def _errors(self) -> dict[str, str]:
        return {
            "0x" + keccak(text=abi_to_signature(one))[:4].hex(): one["name"]
            for contract in vars(self.contracts).values()
            for one in contract.abi
            if one["type"] == "error"
        }


def word(number: int) -> str:
    return "0x" + hashlib.sha256(f"word {number}".encode()).hexdigest()


def wait(seconds: int) -> None:
    chain.sleep(seconds)
    chain.mine()

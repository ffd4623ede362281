"""Cases on chain and in the model, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import brownie
from eth_abi import decode
from eth_account import Account
from web3 import Web3

from scripts.settings import CEILINGS
from tests.contracts.calls import answers, calldata
from tests.contracts.consent import model
from tests.contracts.consent.cases import CARDIOLOGY, MAXIMAL
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import CITY, MERCY, NO_MANDATE, ZERO_ADDRESS, Draft, Person, asked, text32
from tests.contracts.mandates import MandateDraft

DAY = 86400
GAS = 300_000


@dataclass
class Court:
    """Decides each case twice. `members`, `consents`, `identities` are contracts."""

    members: Any
    consents: Any
    identities: Any
    patient: Person
    representative: Person
    city: Any
    mercy: Any
    start: int
    addresses: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    seen: set[Reason] = field(default_factory=set)
    numbers: Any = field(default_factory=count)
    chain: Web3 = field(default_factory=lambda: Web3(Web3.HTTPProvider(brownie.web3.provider.endpoint_uri)))

    def staff(self, consortium: Any, dr_bose: Person, system: Person) -> None:
        """People in different standing, on chain and in the model. Residents read a current episode only."""
        city, mercy, far = str(self.city), str(self.mercy), self.start + 20 * DAY
        people = {
            "resident": (city, "resident", CARDIOLOGY, far),
            "intern": (city, "intern", "surgery", far),
            "mercys_nurse": (mercy, "nurse", CARDIOLOGY, far),
            "leaving": (city, "attending", CARDIOLOGY, self.start + 5 * DAY),
            "leaving_system": (city, "system", CARDIOLOGY, self.start + 5 * DAY),
        }
        known = {
            dr_bose.address: (city, "attending", CARDIOLOGY, 2**63),
            system.address: (city, "system", "", 2**63),
        }
        outside = {name: Person.named(name).address for name in ("nobody", "mallory", *people)}
        self.addresses = {"dr_bose": dr_bose.address, "system": system.address, "city": city, "mercy": mercy}
        self.addresses |= outside | {"": ZERO_ADDRESS}
        for name, (member, role, department, end) in people.items():
            known[self.addresses[name]] = (member, role, department, end)
            home = self.city if member == city else self.mercy
            self.members.enrol(
                self.addresses[name], text32(role), text32(department), end, {"from": home, "silent": True}
            )
        ceilings = CEILINGS | {"resident": (2, True, True)}
        self.members.setCeiling(text32("resident"), ceilings["resident"], {"from": consortium})
        self.world = model.World(self.start, {city: (CITY, True), mercy: (MERCY, True)}, known, ceilings)

    def hear(self, case: dict[str, Any]) -> None:
        """Put the case on chain, ask all it asks for, and compare."""
        draft, mandate = self._filed(case)
        consent_id = draft.consent_id(self.consents)
        carried, scope, shown = self._shown(case["shows"], mandate)
        self.world.now = self.chain.eth.get_block("latest")["timestamp"]
        calls, expected = [], []
        for who, what in case["requests"]:
            asker, record = self._asker(who), what | {"author": self.addresses[what["author"]]}
            whole = asked(draft.grant(self.consents), draft.terms, tuple(asker.values()), carried, scope)
            facts = tuple(record.values())
            calls += [
                calldata(self.consents, "permits", whole, facts),
                calldata(self.consents, "permitsDirectory", whole, record["category"]),
                calldata(self.consents, "permitsMany", whole, [facts, facts]),
            ]
            single = model.permits(self.world, draft, consent_id, asker, record, shown)
            seed = model.permits_directory(self.world, draft, consent_id, asker, record["category"], shown)
            expected += [(single,), (seed,), (single, single)]
        answers = self._answers(calls)
        assert answers == expected, case
        self.asked += len(case["requests"])
        self.seen.update(reason for some in answers for reason in some)

    def _send(self, sender: Person, contract: Any, function: str, *arguments: Any) -> None:
        """Send and wait, past Brownie, whose cache of the node's answers now and then gives an old nonce."""
        eth = self.chain.eth
        transaction = {
            "chainId": eth.chain_id,
            "nonce": eth.get_transaction_count(sender.address),
            "to": contract.address,
            "data": calldata(contract, function, *arguments),
            "gas": GAS,
            "gasPrice": 0,
        }
        signed = Account.sign_transaction(transaction, sender.key)
        receipt = eth.wait_for_transaction_receipt(eth.send_raw_transaction(signed.raw_transaction))
        assert receipt["status"] == 1

    def _filed(self, case: dict[str, Any]) -> tuple[Draft, MandateDraft]:
        state, number = case["state"], next(self.numbers)
        patient = Person.named(f"patient of case {number}") if state == "deactivated" else self.patient
        salt = "0x" + number.to_bytes(32, "big").hex()
        draft = self._draft(case, patient, salt)
        scope = {"provisions": case["scope"], "salt": salt}
        window = (self.start - 9 * DAY, self.start + 90 * DAY, self.start + DAY)
        mandate = MandateDraft(patient.address, self.representative.address, scope, *window)
        consent_id = draft.consent_id(self.consents)
        if state == "unknown":
            return draft, mandate
        if state.startswith("mandate"):
            self._grant_under(draft, consent_id, mandate, patient)
            if state == "mandate-revoked":
                mandate_id = mandate.mandate_id(self.consents)
                self._send(patient, self.consents, "revoke", patient.address, mandate_id)
                self.world.mandates[mandate_id] = "revoked"
        else:
            self._send(patient, self.consents, "grant", draft.grant(self.consents))
        if state == "revoked":
            self._send(patient, self.consents, "revoke", patient.address, consent_id)
        if state == "deactivated":
            self._send(patient, self.identities, "changeOwner", patient.address, ZERO_ADDRESS)
            self.world.deactivated.add(patient.address)
        self.world.consents[consent_id] = "revoked" if state == "revoked" else "granted"
        return draft, mandate

    def _grant_under(self, draft: Draft, consent_id: str, mandate: MandateDraft, patient: Person) -> None:
        mandate_id, carried = mandate.mandate_id(self.consents), mandate.carried(self.consents)
        self._send(patient, self.consents, "grantMandate", carried)
        self._send(
            self.representative, self.consents, "grantUnderMandate", draft.grant(self.consents), carried
        )
        self.world.mandates[mandate_id] = "granted"
        self.world.under[consent_id] = mandate_id

    def _shown(
        self, how: str, mandate: MandateDraft
    ) -> tuple[tuple[Any, ...], dict[str, Any] | None, model.Shown]:
        """The mandate and scope that go with the request, and what they are to the model."""
        if how == "none":
            return NO_MANDATE, None, model.Shown()
        if how == "maximal":
            carried = (*mandate.carried(self.consents)[:3], MAXIMAL, MAXIMAL, MAXIMAL)
            return carried, mandate.scope, model.Shown("", mandate.scope)
        if how == "scope":
            other = mandate.scope | {"provisions": [*mandate.scope["provisions"]] * 2 or []}
            if other == mandate.scope:
                other |= {"salt": "0x" + "11" * 32}
            # the hash of the one with the text of the other
            return mandate.carried(self.consents), other, model.Shown("", other)
        changed = {
            "own": mandate,
            "salt": replace(mandate, scope=mandate.scope | {"salt": "0x" + "22" * 32}),
            "time": replace(mandate, valid_until=mandate.valid_until + 1),
        }[how]
        shown = model.Shown(changed.mandate_id(self.consents), changed.scope)
        return changed.carried(self.consents), changed.scope, shown

    def _draft(self, case: dict[str, Any], patient: Person, salt: str) -> Draft:
        said = {
            "recipientName": case["recipientName"],
            "recipient": str(self.city),
            "roles": case["roles"],
            "provisions": case["provisions"],
            "maxUses": 0,
            "salt": salt,
        }
        start, end = (self.start + days * DAY for days in case["window"])
        return Draft(patient.address, said, start, end, self.start + DAY)

    def _asker(self, who: dict[str, Any]) -> dict[str, Any]:
        asker = dict(who) | {name: self.addresses[who[name]] for name in ("actor", "episodeBy")}
        asker["signer"] = self.addresses[who["signer"]] if who["signer"] else asker["actor"]
        # the model's clock never lags the chain's
        if 0 < who["askedAt"] < MAXIMAL:
            asker["askedAt"] = self.world.now + who["askedAt"] * DAY
        return asker

    def _answers(self, calls: list[str]) -> list[tuple[Reason, ...]]:
        """All in one JSON-RPC request, decoded: one reason, or as many as `permitsMany` gives."""
        raw = answers(self.consents, calls)
        kinds = ["uint8", "uint8", "uint8[]"]
        values = [decode([kinds[number % 3]], raw[number])[0] for number in range(len(calls))]
        return [
            tuple(Reason(one) for one in (value if isinstance(value, tuple) else (value,)))
            for value in values
        ]

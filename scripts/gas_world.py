"""The world in which scripts/gas.py measures: keys, salts and times that are the same in every run."""

from __future__ import annotations

import hashlib
import itertools
from types import SimpleNamespace
from typing import Any

import brownie
from brownie import accounts, web3

from scripts import deploy, settings
from tests.contracts.consents import CITY, MERCY, Draft, Person, terms

DAY, YEAR = 86_400, 365 * 86_400
SALTS = itertools.count()
START = 2_000_000_000
"""2033-05-18: later than any clock that runs this."""


def founded_network() -> SimpleNamespace:
    consortium, mercy, city, relayer = accounts[:4]
    web3.provider.make_request("evm_setNextBlockTimestamp", [START])
    brownie.chain.mine()
    entries = deploy.deploy(consortium, {})["contracts"]
    contracts = {
        name: getattr(brownie, name).at(web3.to_checksum_address(entry["address"]))
        for name, entry in entries.items()
    }
    deploy.wire(contracts, consortium)
    members = contracts["MemberRegistry"]
    admitted = members.admit(mercy, MERCY, "hospital", by(consortium))
    members.admit(city, CITY, "hospital", by(consortium))
    return SimpleNamespace(
        consortium=consortium,
        mercy=mercy,
        city=city,
        relayer=relayer,
        alice=Person.named("alice"),
        dr_bose=Person.named("dr bose"),
        now=START,
        admitted=admitted,
        **contracts,
    )


def draft(network: Any, patient: Person, said: dict[str, Any] | None = None) -> Draft:
    said = (said or terms(network.city)) | {"salt": word(f"salt {next(SALTS)}")}
    return Draft(patient.address, said, network.now - DAY, network.now + 30 * DAY, network.now + DAY)


def word(text: str) -> str:
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


def by(account: Any) -> dict[str, Any]:
    return {"from": account, "gas_price": settings.GAS_PRICE, "silent": True}

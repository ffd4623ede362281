"""The demo's own auditor: proves every receipt, and searches what everybody can see for what nobody may see there."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from consentry.demo.actors import Patient
from consentry.demo.bundles import DemoPatient
from consentry.demo.telling import StepDiffers
from consentry.domain.categories import Category
from consentry.network.run import Network
from consentry.services.verify import Evidence, verify

COMMIT_SECONDS = 30.0


def prove_receipts(network: Network, patient: Patient) -> str:
    """The patient's account from all keepers; each receipt is verified here, from its signature to the chain."""
    patient.open_session("PATRQT")
    receipts = _committed_receipts(patient)
    ledger = network.ledger
    for one in receipts:
        verify(Evidence.parse(one["evidence"]), ledger)
    released = [one for one in receipts if one["decision"] == "released"]
    if not released:
        raise StepDiffers("no release stands in any keeper's book")
    keepers = {one["keeper"] for one in receipts}
    refused = len(receipts) - len(released)
    return (
        f"{len(released)} receipts of releases and {refused} of refusals, from {len(keepers)} keepers: each one signed, "
        "numbered, and proven against the chain by the patient's own client"
    )


def _committed_receipts(patient: Patient) -> list[dict[str, Any]]:
    """All receipts, once every keeper has committed its last ones to the chain."""
    deadline = time.monotonic() + COMMIT_SECONDS
    while True:
        account = patient.gateway.get("/api/receipts")
        unproven = [one for one in account["receipts"] if not one["proven"]]
        if account["missing"]:
            raise StepDiffers(f"keepers did not answer: seats {account['missing']}")
        if not unproven:
            return list(account["receipts"])
        if time.monotonic() > deadline:
            raise StepDiffers(f"{len(unproven)} of {len(account['receipts'])} receipts do not prove")
        time.sleep(0.25)


def identifiers(patient: DemoPatient, bundle: bytes, terms: dict[str, Any]) -> list[str]:
    """What must not be found: names and numbers of the patient, words of the terms, and pieces of the content."""
    words = {patient.mrn, patient.family, patient.given, "CITY-2093"}
    for entry in json.loads(bundle)["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            words |= {one["value"] for one in resource.get("identifier", []) if "value" in one}
            words |= {one["family"] for one in resource.get("name", []) if "family" in one}
            words |= set(resource.get("birthDate", "").split())
        words |= {
            coding["display"] for coding in resource.get("code", {}).get("coding", []) if "display" in coding
        }
    for provision in terms["provisions"]:
        words |= {*provision["purposes"], *provision["categories"]}
    return sorted(word for word in words if len(word) >= 4)


def search_chain(network: Network, words: Iterable[str], patient: str) -> str:
    """Every transaction's input and every log of every block, as hex. The patient's own pseudonym may stand only where the
    patient signed: in identity and consent registry."""
    needles = {word: word.encode("utf-8").hex() for word in words}
    head = network.ledger.head().number
    signed_for = {network.ledger.address_of(name) for name in ("IdentityRegistry", "ConsentRegistry")}
    size = transactions = 0
    for number in range(head + 1):
        for target, data in _texts(network, number):
            transactions += 1
            size += len(data) // 2
            for word, needle in needles.items():
                if needle in data:
                    raise StepDiffers(f"the chain holds “{word}” in block {number}")
            if patient[2:] in data and target not in signed_for:
                raise StepDiffers(
                    f"the patient's pseudonym stands in block {number}, where it was not signed for"
                )
    return f"{len(needles)} words in {head + 1} blocks, {size:,} bytes of calldata and logs"


def search_files(network: Network, words: Iterable[str], patient: str) -> str:
    """Stored blocks and logs, those of gateways and keepers for the patient's pseudonym too. Names of categories stand in every
    directory document, all of them always: they tell nothing. A word counts where it stands by itself, as it would in text;
    letters inside base64 are chance."""
    private = [word for word in words if word not in set(Category)]
    patterns = {
        word: re.compile(rb"(?<![A-Za-z0-9+/])" + re.escape(word.encode("utf-8")) + rb"(?![A-Za-z0-9+/])")
        for word in private
    }
    folders = (network.place.root / name for name in ("store", "logs"))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    size = 0
    for path in files:
        content = path.read_bytes()
        size += len(content)
        for word, pattern in patterns.items():
            if pattern.search(content):
                raise StepDiffers(f"{path.name} holds “{word}”")
        if path.stem.startswith(("gateway-", "keeper-")) and patient[2:].encode() in content.lower():
            raise StepDiffers(f"{path.name} holds the patient's pseudonym")
    return f"{len(patterns)} words in {len(files)} files, {size:,} bytes"


def _texts(network: Network, number: int) -> Iterator[tuple[str, str]]:
    """(contract, hex) of each transaction of a block: its input, and the topics and data of its logs."""
    rpc = network.connection.rpc
    block = rpc.call("eth_getBlockByNumber", hex(number), True)
    for transaction in block["transactions"]:
        yield (transaction["to"] or "").lower(), transaction["input"].lower()
    for log in rpc.call("eth_getLogs", {"fromBlock": hex(number), "toBlock": hex(number)}):
        yield log["address"].lower(), "".join([*log["topics"], log["data"]]).lower().replace("0x", "")

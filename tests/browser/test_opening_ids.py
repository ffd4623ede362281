"""The page finds an emergency opening's id as wallets, gateways and the contract do."""

from __future__ import annotations

import json
from typing import Any

from consentry.domain import fields, openings
from consentry.domain.addresses import Address
from consentry.domain.openings import Finding, Opening, Subject
from consentry.ports.openings import OpeningStatus
from tests.browser.node import ROOT, evaluate

CHAIN_ID = 1337
CONTRACT, ALICE, BOSE, LI = (Address("0x" + f"{one:02x}" * 20) for one in (0xE0, 0xA1, 0xB0, 0xC1))
SOURCE = """
import { opening, openingId, openingTypedData } from "./app/browser/layouts/openings";
import type { Json } from "./app/browser/layouts/canonical";
import type { Hex } from "./app/browser/layouts/bytes";
declare const given: { opening: Json; chainId: number; contract: Hex };
const read = opening(given.opening, "opening");
console.log(JSON.stringify({
  id: openingId(read, given.chainId, given.contract), typedData: openingTypedData(read, given.chainId, given.contract),
}));
"""


def test_the_id_of_an_opening_is_the_same() -> None:
    """W-62, E-1: also of a member whose name is not Latin; what is shown to sign is the same to the letter."""
    for name in ("City Hospital", "市立医院", "مستشفى المدينة"):
        signed = Opening(Subject(ALICE, b"\x07" * 32), name, BOSE, LI, 1_900_000_000, 1_899_999_000)
        found = evaluate(
            SOURCE, {"opening": signed.to_json(), "chainId": CHAIN_ID, "contract": str(CONTRACT)}
        )
        assert found["id"] == fields.to_hex(openings.opening_id(signed, CHAIN_ID, CONTRACT))
        assert found["typedData"] == openings.typed_data(signed, CHAIN_ID, CONTRACT)


def test_the_chain_is_asked_as_the_contract_answers() -> None:
    """W-62: the page's words for `openingOf` are those of the contract's interface, statuses and findings by number too."""
    source = 'import { EMERGENCY, FINDINGS, STATUSES } from "./app/browser/core/openings";'
    source += "console.log(JSON.stringify({ abi: EMERGENCY, statuses: STATUSES, findings: FINDINGS }));"
    told = evaluate(source)
    interface = json.loads((ROOT / "interfaces" / "EmergencyAccess.json").read_text())
    by_name = {one["name"]: one for one in interface if one["type"] == "function"}
    assert [plain(one) for one in told["abi"]] == [plain(by_name["openingOf"])]
    assert told["statuses"] == [one.name.lower() for one in OpeningStatus]
    assert told["findings"] == [None, *(one.word for one in Finding)]


def plain(node: Any) -> Any:
    """Without `internalType`, which says what a value is called in Solidity."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items() if key != "internalType"}
    return [plain(one) for one in node] if isinstance(node, list) else node

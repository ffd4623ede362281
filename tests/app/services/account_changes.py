"""What whoever edits an exported account, or a keeper that rewrites its book, can do to it."""

from __future__ import annotations

from dataclasses import replace

from consentry.crypto.signatures import sign_digest
from consentry.domain import fields
from consentry.domain.receipts import Receipt, receipt_value, signing_digest
from consentry.domain.statements import Statement, statement_digest, values_digest
from tests.app.keeper_world import CHAIN_ID
from tests.app.services.account_scene import Exported, Tree


def signed_again(exported: Exported, one: Tree, raw: bytes, seat: int = 1) -> None:
    """What a keeper can do that rewrites its book: sign another receipt."""
    signature = sign_digest(exported.world.keeper_keys[seat], signing_digest(CHAIN_ID, raw))
    one["receipt"], one["signature"] = fields.to_base64(raw), fields.to_hex(signature)


def restated(exported: Exported, page: Tree, seat: int = 1, **changes: object) -> None:
    """The keeper signs another statement about the receipts that stand on the page now."""
    raw = [fields.base64_bytes(one["receipt"], "receipt", 1, 4096) for one in page["receipts"]]
    old = Statement.parse(fields.base64_bytes(page["statement"]["statement"], "statement", 1, 8192))
    told = {
        "seqs": tuple(Receipt.parse(one).seq for one in raw),
        "digest": values_digest(map(receipt_value, raw)),
    }
    new = replace(old, **(told | changes)).to_bytes()  # type: ignore[arg-type]
    signature = sign_digest(exported.world.keeper_keys[seat], statement_digest(CHAIN_ID, new))
    page["statement"] = {"statement": fields.to_base64(new), "signature": fields.to_hex(signature)}


def receipt_of(one: Tree) -> bytes:
    return fields.base64_bytes(one["receipt"], "receipt", 1, 4096)


# --- what is done to the file ---


def drop(exported: Exported) -> None:
    del exported.page(1)["receipts"][1]


def duplicate(exported: Exported) -> None:
    page = exported.page(1)
    page["receipts"][1] = page["receipts"][0]


def add(exported: Exported) -> None:
    exported.page(1)["receipts"].append(exported.page(1, 1)["receipts"][0])


def reorder(exported: Exported) -> None:
    exported.page(1)["receipts"].reverse()


def alter(exported: Exported) -> None:
    one = exported.page(1)["receipts"][1]
    one["receipt"] = fields.to_base64(receipt_of(one).replace(b"TREAT", b"COC"))


def sign_another(exported: Exported) -> None:
    one = exported.page(1)["receipts"][1]
    signed_again(exported, one, receipt_of(one).replace(b"TREAT", b"COC"))


def swap_root(exported: Exported) -> None:
    first, second = exported.page(1)["receipts"]
    second["commit"]["root"] = first["commit"]["root"]


def swap_roots_of_keepers(exported: Exported) -> None:
    """A root that is on chain, of the same range: another keeper's."""
    exported.page(1)["receipts"][1]["commit"] = exported.page(2)["receipts"][1]["commit"]


def swap_transaction(exported: Exported) -> None:
    first, second = exported.page(1)["receipts"]
    second["commit"]["transaction"] = first["commit"]["transaction"]


def drop_proof(exported: Exported) -> None:
    exported.page(1)["receipts"][1]["commit"] = None


def drop_page(exported: Exported) -> None:
    exported.trees.remove(exported.page(1))


def swap_pages(exported: Exported) -> None:
    first, second = (exported.trees.index(exported.page(1, number)) for number in (0, 1))
    exported.trees[first], exported.trees[second] = exported.trees[second], exported.trees[first]


def part_pages(exported: Exported) -> None:
    page = exported.page(1, 1)
    exported.trees.remove(page)
    exported.trees.insert(-1, page)


def repeat_page(exported: Exported) -> None:
    exported.trees.insert(exported.trees.index(exported.page(1, 1)) + 1, exported.page(1, 1))


def claim_to_be_last(exported: Exported) -> None:
    exported.page(1)["next"] = None


def alter_statement(exported: Exported) -> None:
    page = exported.page(1)
    raw = fields.base64_bytes(page["statement"]["statement"], "statement", 1, 8192)
    page["statement"]["statement"] = fields.to_base64(raw.replace(b'"seqs":[0,1]', b'"seqs":[0]'))
    del page["receipts"][1]


def statement_of_another(exported: Exported) -> None:
    exported.page(1)["statement"] = exported.page(2)["statement"]


def name_another_patient(exported: Exported) -> None:
    exported.trees[0]["patient"] = f"did:ethr:0x{CHAIN_ID:x}:{exported.world.account('mallory')}"

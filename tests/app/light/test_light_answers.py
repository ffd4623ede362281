"""Whatever an endpoint answers in place of a number, a header, a proof or a receipt has a typed error (H-86)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.chain.rpc import Request, Rpc, RpcError
from consentry.errors import ChainStale, ChainUnproven, ConsentryError
from consentry.light import answers, leaves
from consentry.light.checkpoint import ENGINES
from consentry.light.proofs import proven
from consentry.light.receipts import ETHEREUM, KAIA, Form, receipts_of
from tests.app.light.conftest import Clinic
from tests.app.light.endpoint import honest
from tests.app.light.sealers import block
from tests.app.light.test_light_kaia_receipts import RAW, header, told
from tests.app.light.test_light_lies import about, granted

HUGE = "0x" + "f" * 10**6
ODD: list[Any] = [
    HUGE,
    "-0x1",
    "0x",
    "0x-1",
    "0x1_0",
    " 0x1",
    "1",
    "0x" + "f" * 65,
    1,
    -1,
    1.5,
    None,
    True,
    [["0x1"]],
    {"a": {}},
]
WHOLE = "0x" + RAW.hex()
HEADER = st.sampled_from(
    [*block(1, b""), "reward", "blockScore", "timestampFoS", "governanceData", "voteData"]
)
RECEIPT = st.sampled_from(["status", "txError", "type", "cumulativeGasUsed", "gasUsed", "logs"])
LOG = st.sampled_from(["address", "topics", "data"])
PROOF = st.sampled_from(["accountProof", "storageProof", "proof"])
HEX = st.one_of(
    st.binary(max_size=40).map(lambda raw: "0x" + raw.hex()), st.integers(0).map(hex), st.sampled_from(ODD)
)
PLAIN = st.one_of(HEX, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))


def odd(names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """JSON that has these names here and there."""
    return st.recursive(
        PLAIN,
        lambda of: st.lists(of, max_size=4) | st.dictionaries(names | LOG, of, max_size=6),
        max_leaves=12,
    )


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:12])
def test_what_is_no_quantity_is_unproven(value: Any) -> None:
    """H-86: nothing that no message could name, nor that any bound would be too late for."""
    with pytest.raises(ChainUnproven):
        answers.quantity(value)


@given(odd(HEADER))
def test_any_quantity_or_data_has_its_bounds(value: Any) -> None:
    """H-86."""
    for read in (answers.quantity, answers.octets):
        try:
            found = read(value)
        except ChainUnproven:
            continue
        assert isinstance(found, bytes) or 0 <= found < 2**256


@given(st.sampled_from(sorted(ENGINES)), odd(HEADER), st.dictionaries(HEADER, HEX, max_size=4))
def test_any_header_is_one_or_a_typed_error(engine: str, whole: Any, changes: dict[str, Any]) -> None:
    """H-86."""
    for raw in (whole, block(1, bytes(32)) | changes):
        try:
            found = ENGINES[engine]().header(raw)
        except (ChainUnproven, ChainStale):
            continue
        assert 0 <= found.number < 2**256 and len(found.hash) == 32


class Told:
    """Of a block with one transaction: its receipt, and the transaction."""

    def __init__(self, receipt: Any, raw: Any = WHOLE) -> None:
        self._receipt, self._raw = receipt, raw

    def batch(self, wanted: list[Request]) -> list[Any]:
        (one,) = wanted
        return [[self._receipt] if one.method.endswith("Receipts") else self._raw]


@given(
    st.sampled_from([ETHEREUM, KAIA]), odd(RECEIPT), st.dictionaries(RECEIPT, odd(LOG), max_size=4), odd(LOG)
)
def test_any_receipts_are_a_typed_error(form: Form, whole: Any, changes: dict[str, Any], raw: Any) -> None:
    """H-86: of a block whose header names others; also where the transaction is what is odd."""
    right = told(status="0x1", cumulativeGasUsed="0x5208")
    for one in (whole, right | changes):
        with pytest.raises((ChainUnproven, ChainStale)):
            receipts_of(cast(Rpc, Told(one)), form, header(2**63 + 1))
    with pytest.raises((ChainUnproven, ChainStale)):
        receipts_of(cast(Rpc, Told(right, raw)), KAIA, header(1))


@given(odd(PROOF))
def test_any_proof_is_a_typed_error(answer: Any) -> None:
    """H-86."""
    with pytest.raises(ChainUnproven):
        proven(answer, b"\1" * 32, bytes(20), [1], leaves.ethereum)


@pytest.mark.parametrize("method", ["eth_blockNumber", "eth_getProof", "eth_getCode", "eth_getBlockByNumber"])
@pytest.mark.parametrize("raised", [False, True], ids=["in its place", "of all"])
def test_a_refusal_is_no_contracts_revert(clinic: Clinic, method: str, raised: bool) -> None:  # noqa: FBT001
    """H-86: whoever runs the contract here knows whether it reverts; one error for a whole batch is the endpoint's as well."""
    ledger = clinic.ledger()
    call = granted(clinic, ledger)

    def refuse(request: Request, result: Any) -> Any:
        if request.method != method:
            return result
        refusal = RpcError(3, "execution reverted", "0x08c379a0")
        if raised:
            raise refusal
        return refusal

    clinic.endpoint.lie = refuse
    with pytest.raises(ChainUnproven):
        ledger.ask(call)
    clinic.endpoint.lie = honest
    assert ledger.ask(call)


@pytest.mark.parametrize("value", [HUGE, "-0x1", 1.5, [["0x1"]]], ids=["huge", "negative", "float", "nested"])
def test_odd_numbers_end_in_typed_errors(clinic: Clinic, tmp_path: Path, value: Any) -> None:
    """H-86: in each place where a gateway reads one."""
    rpc = clinic.rpc(tmp_path / "book")
    for method, params in (
        ("eth_blockNumber", ()),
        ("eth_getTransactionCount", (clinic.world.mercy_hospital.address, "pending")),
    ):
        clinic.endpoint.lie = about(method, lambda said: value)
        with pytest.raises(ChainUnproven):
            rpc.call(method, *params)
    hint = {"blockNumber": value, "blockHash": value}
    clinic.endpoint.lie = about("eth_getTransactionReceipt", lambda said: hint)
    with pytest.raises(ChainUnproven):
        rpc.call("eth_getTransactionReceipt", "0x" + "12" * 32)


def test_numbers_that_no_book_holds_are_answered(clinic: Clinic, tmp_path: Path) -> None:
    """H-86: strangers may name blocks of 64 bits (W-13), of which SQLite takes 63."""
    rpc = clinic.rpc(tmp_path / "book")
    last, address = "0x" + "f" * 16, clinic.deployment.addresses["RecordRegistry"]
    with pytest.raises(ConsentryError) as refusal:
        rpc.call("eth_getBlockByNumber", last, False)
    assert isinstance(refusal.value, ChainStale)
    assert rpc.call("eth_getLogs", {"address": address, "fromBlock": last, "toBlock": last}) == []

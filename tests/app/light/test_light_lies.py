"""An endpoint that lies is caught, whatever it lies about (H-56 … H-62)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import Request, RpcError
from consentry.domain.grounds import Reason
from consentry.domain.ledger import ContractCall
from consentry.errors import ChainStale, ChainUnproven
from tests.app.chain.world import grant_tuple
from tests.app.light.conftest import Clinic
from tests.app.light.endpoint import Lie
from tests.app.light.sealers import KEYS, STRANGER, clique_block


def about(method: str, change: Callable[[Any], Any]) -> Lie:
    def lie(request: Request, result: Any) -> Any:
        return change(result) if request.method == method else result

    return lie


def flipped(text: str) -> str:
    """The last hex digit is another one."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def granted(clinic: Clinic, ledger: ChainLedger) -> ContractCall[tuple[Reason, ...]]:
    world, patient = clinic.world, clinic.world.actor()
    consent = world.consent(patient)
    patient.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
    return ledger.permit_many_call(consent.grant(), consent.terms, world.asker(), [world.facts()])


def slot_changed(proof: dict[str, Any]) -> dict[str, Any]:
    """The value in the last node of each storage proof, and beside it."""
    changed = [
        one | {"value": "0x0", "proof": [*one["proof"][:-1], flipped(one["proof"][-1])]}
        for one in proof["storageProof"]
        if one["proof"]
    ]
    return proof | {"storageProof": changed}


def slot_left_out(proof: dict[str, Any]) -> dict[str, Any]:
    return proof | {"storageProof": [one | {"proof": one["proof"][:-1]} for one in proof["storageProof"]]}


def account_changed(proof: dict[str, Any]) -> dict[str, Any]:
    return proof | {"accountProof": [*proof["accountProof"][:-1], flipped(proof["accountProof"][-1])]}


NAMES = ("slot", "left out", "account", "nothing", "blank", "rubbish", "none", "null", "refused")


@pytest.mark.parametrize(
    "lie",
    [
        about("eth_getProof", slot_changed),
        about("eth_getProof", slot_left_out),
        about("eth_getProof", account_changed),
        about("eth_getProof", lambda proof: proof | {"accountProof": []}),
        about("eth_getProof", lambda proof: proof | {"accountProof": ["0x80"], "storageProof": []}),
        about("eth_getProof", lambda proof: proof | {"accountProof": ["?"]}),
        about("eth_getProof", lambda proof: proof | {"storageProof": None}),
        about("eth_getProof", lambda proof: None),
        about("eth_getProof", lambda proof: RpcError(-32000, "the state is not here", None)),
        about("eth_getCode", flipped),
        about("eth_getCode", lambda code: "0x"),
        about("eth_getCode", lambda code: RpcError(3, "execution reverted", "0x08c379a0")),
    ],
    ids=[*NAMES, "code", "no code", "made-up revert"],
)
def test_state_that_is_not_the_chains_is_unproven(clinic: Clinic, lie: Lie) -> None:
    """H-60, H-61: a changed slot, account or code; the honest endpoint is believed again afterwards."""
    ledger = clinic.ledger()
    call = granted(clinic, ledger)
    clinic.endpoint.lie = lie
    with pytest.raises(ChainUnproven):
        ledger.ask(call)
    clinic.endpoint.lie = lambda request, result: result
    assert ledger.ask(call) == (Reason.Permitted,)


def test_what_an_answer_says_beside_its_proof_is_not_heard(clinic: Clinic) -> None:
    """H-60: a made-up value, root or hash beside an honest proof changes nothing."""
    ledger = clinic.ledger()
    call = granted(clinic, ledger)

    def changed(proof: dict[str, Any]) -> dict[str, Any]:
        said = [one | {"value": "0x0", "key": "0x0"} for one in proof["storageProof"]]
        return proof | {"storageProof": said, "storageHash": "0x" + "00" * 32, "codeHash": "0x", "nonce": "?"}

    clinic.endpoint.lie = about("eth_getProof", changed)
    assert ledger.ask(call) == (Reason.Permitted,)


def test_a_missing_list_of_nodes_is_no_proof_of_nothing(clinic: Clinic) -> None:
    """H-60: Kaia writes null for a contract that holds nothing; of one that holds something it proves nothing."""
    ledger = clinic.ledger()
    call = granted(clinic, ledger)

    def left_out(proof: dict[str, Any]) -> dict[str, Any]:
        return proof | {"storageProof": [one | {"proof": None} for one in proof["storageProof"]]}

    clinic.endpoint.lie = about("eth_getProof", left_out)
    with pytest.raises(ChainUnproven):
        ledger.ask(call)


def test_state_of_an_older_block_is_unproven(clinic: Clinic) -> None:
    """H-60: a revoked consent is not shown as it was, with proofs that were honest once."""
    world, ledger, patient = clinic.world, clinic.ledger(), clinic.world.actor()
    consent = world.consent(patient)
    patient.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
    call = ledger.permit_many_call(consent.grant(), consent.terms, world.asker(), [world.facts()])
    assert ledger.ask(call) == (Reason.Permitted,)
    old = hex(world.ledger.head().number)
    consent_id = world.ledger.ask(
        world.ledger.call("ConsentRegistry", "consentIdOf", grant_tuple(consent.grant()), read=bytes)
    )
    patient.transact("ConsentRegistry", "revoke", patient.address, consent_id)

    def of_then(request: Request, result: Any) -> Any:
        if request.method != "eth_getProof":
            return result
        return world.ledger.connection.rpc.call("eth_getProof", *request.params[:2], old)

    clinic.endpoint.lie = of_then
    with pytest.raises(ChainUnproven, match="does not lead to the root"):
        ledger.ask(call)
    clinic.endpoint.lie = lambda request, result: result
    assert ledger.ask(call) == (Reason.ConsentRevoked,)


def test_an_old_head_and_one_before_what_was_seen_are_stale(clinic: Clinic) -> None:
    """H-59: a chain that stands still, or that an endpoint winds back, does not answer."""
    world, ledger = clinic.world, clinic.ledger()
    call = granted(clinic, ledger)
    clinic.clock.later = 61
    with pytest.raises(ChainStale, match="61 s old"):
        ledger.ask(call)
    clinic.clock.later = -121
    with pytest.raises(ChainStale, match="ahead of this clock"):
        ledger.ask(call)
    clinic.clock.later = 60
    assert ledger.ask(call) == (Reason.Permitted,)
    clinic.endpoint.lie = about("eth_blockNumber", lambda number: hex(world.ledger.head().number - 1))
    with pytest.raises(ChainStale, match="which was seen"):
        ledger.ask(call)


@pytest.mark.parametrize("by", [STRANGER, KEYS[0]], ids=["a stranger", "one whose turn it isn't"])
def test_a_header_that_sealers_did_not_make_is_unproven(clinic: Clinic, by: Any) -> None:
    """H-57: its state would be proven by its own root, so that the seal is what counts."""
    ledger = clinic.ledger()
    call = granted(clinic, ledger)
    first = clinic.world.ledger.head().number + 1
    clinic.world.ledger.connection.rpc.call("evm_mine")
    clinic.world.ledger.connection.rpc.call("evm_mine")
    newest = first + 1 if by is STRANGER else first + (1 - first) % 4

    def forged(request: Request, result: Any) -> Any:
        if request.method == "eth_getBlockByNumber" and int(result["number"], 16) == newest:
            return clique_block(result, KEYS, by)
        return result

    while clinic.world.ledger.head().number < newest:
        clinic.world.ledger.connection.rpc.call("evm_mine")
    clinic.endpoint.lie = forged
    with pytest.raises(ChainUnproven, match=r"no sealer|not yet"):
        ledger.ask(call)


def test_another_first_block_and_another_checkpoint_are_unproven(clinic: Clinic) -> None:
    """H-57: of another chain nothing is believed, however well it is sealed."""
    ledger = clinic.ledger()
    call = granted(clinic, ledger)

    def other(request: Request, result: Any) -> Any:
        if request.method == "eth_getBlockByNumber" and result["number"] == "0x0":
            return clique_block(result | {"gasLimit": "0x1"}, [STRANGER], STRANGER)
        return result

    clinic.endpoint.lie = other
    with pytest.raises(ChainUnproven, match="not the checkpoint's"):
        ledger.ask(call)

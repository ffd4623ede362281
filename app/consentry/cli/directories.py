"""The patient's client for directories at the command line: what is in force, and making the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consentry.cli.answers import clean
from consentry.cli.network_values import NetworkInfo
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.settings import Settings
from consentry.cli.sign_in import SignedIn, signed_in_again
from consentry.domain import fields
from consentry.domain.cids import cid
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import ChainWrong, LayoutInvalid
from consentry.wallets.directory import DirectoryState, IdentityContract, SignedDirectory, sign_directory

WHY = {
    "consent-revoked": "a consent was revoked",
    "consent-expired": "a consent has ended",
    "reader-left": "somebody who read has left or may read no more",
    "opening-ended": "an emergency opening has ended",
    "representative-ended": "somebody no longer represents you",
    "key-replaced": "your key was replaced",
}
ROTATE = "consentry wallet open-directory --rotate"


@dataclass(frozen=True)
class KnownDirectory:
    """What the gateway says; `rotation` is `{since, reasons}` when a new directory is advised."""

    state: DirectoryState
    rotation: dict[str, Any] | None


def directory_of(session: SignedIn) -> KnownDirectory:
    """Raises GatewayMisbehaved."""
    told = session.client.get("/api/directory")
    try:
        known = told.get("cid")
        state = DirectoryState(
            cid=None if known is None else cid(known),
            version=None if told.get("version") is None else fields.integer(told["version"], "version", 1),
            identity_nonce=fields.integer(told.get("identityNonce"), "identityNonce"),
            in_force=told.get("inForce") is not False,
        )
    except LayoutInvalid as problem:
        raise GatewayMisbehaved(f"its account of the directory: {problem.diagnostics}") from None
    return KnownDirectory(state, _rotation(told.get("rotation")))


def _rotation(told: object) -> dict[str, Any] | None:
    if not isinstance(told, dict):
        return None
    reasons = told.get("reasons")
    named = [why for why in reasons if why in WHY] if isinstance(reasons, list) else []
    return {"since": clean(told.get("since", ""), 40), "reasons": named}


def rotation_words(rotation: Mapping[str, Any]) -> str:
    """What a patient reads."""
    why = "; ".join(WHY[one] for one in rotation["reasons"]) or "access has ended"
    return (
        f"A new directory is advised since {rotation['since']}: {why}. Until then whoever had access still learns "
        f"of new records, though not what is in them. `{ROTATE}`"
    )


def open_next(
    settings: Settings, session: SignedIn, state: DirectoryState, also: Sequence[str] = ()
) -> dict[str, Any]:
    """Make the seeds, sign, have the document kept `also` by these gateways, then let this one name it.

    Gives what the gateway relayed with `version` and `opened`. Nothing counts before the last step, so that it can be
    repeated whatever failed. Raises GatewayMisbehaved, ChainWrong, what the client raises.
    """
    committee = committee_to_seal_to(settings, session.network)
    contract = IdentityContract(session.network.chain_id, session.network.identity_registry)
    with settings.output.working("Making and sealing the keys of every category"):
        signed = sign_directory(session.wallet, session.patient, committee, contract, state, settings.now())
    for url in also:
        _keep(settings, session, signed, url)
    relayed = session.client.post("/api/directory", _body(signed))
    _require_same(relayed, signed)
    return relayed | {"version": signed.version, "opened": True}


def opened_words(opened: Mapping[str, Any]) -> str:
    return f"Directory version {opened['version']} is open: {opened['cid']}, transaction {opened.get('transaction')}"


def _keep(settings: Settings, session: SignedIn, signed: SignedDirectory, url: str) -> None:
    """At another member's gateway of the same network."""
    with signed_in_again(replace(settings, gateway=url), session) as there:
        if there.network.identity_registry != session.network.identity_registry:
            raise ChainWrong(f"{clean(url, 200)} serves another network")
        _require_same(there.client.post("/api/directory/documents", _body(signed)), signed)


def _body(signed: SignedDirectory) -> dict[str, Any]:
    return {
        "document": fields.to_base64(signed.document),
        "deadline": signed.deadline,
        "signature": fields.to_hex(signed.signature),
    }


def _require_same(told: Mapping[str, Any], signed: SignedDirectory) -> None:
    if told.get("cid") != signed.cid:
        raise GatewayMisbehaved("it filed another document than the one that was signed")


def committee_to_seal_to(settings: Settings, network: NetworkInfo) -> CommitteeInfo:
    """The committee to seal to; whoever names its keys could read everything, so the chain is asked where it can be."""
    if not settings.has_chain:
        settings.output.note(
            "The keepers' keys are the gateway's word; --rpc and --deployment compare them with the chain."
        )
        return network.committee
    from consentry.chain.ledger import ChainLedger

    ledger = ChainLedger(settings.connection())
    own = ledger.committee()
    if own is None or ledger.chain_id != network.chain_id:
        raise ChainWrong("the chain node and the gateway do not serve the same network")
    told = [(one.account, one.sealing_key) for one in network.committee.keepers]
    on_chain = [(one.account, one.sealing_key) for one in own.keepers]
    if told != on_chain or network.committee.threshold != own.threshold:
        raise GatewayMisbehaved("it names other keepers, keys or another threshold than the chain")
    return own

"""`consentry wallet`: a key file for those without a browser at hand, and the patient's client for directory keys."""

from __future__ import annotations

from pathlib import Path

import click

from consentry.cli.command import Group, takes_chain, takes_gateway, takes_patient_did, takes_wallet
from consentry.cli.network_values import NetworkInfo
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.settings import Settings, pass_settings, passphrase, wallet_of
from consentry.cli.sign_in import SignedIn, signed_in
from consentry.domain import fields
from consentry.domain.addresses import checksum, did
from consentry.domain.cids import cid
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import ChainWrong, LayoutInvalid
from consentry.wallets.directory import DirectoryState, IdentityContract, sign_directory
from consentry.wallets.keyfile import create_wallet, list_wallets


@click.group(cls=Group)
def wallet() -> None:
    """Key files, and what they sign.

    Sealed with a passphrase, never overwritten, never sent.
    """


@wallet.command(example="consentry wallet new alice.keystore")
@click.argument("file", metavar="FILE")
@pass_settings
def new(settings: Settings, file: str) -> None:
    """Make a new key in a new file. Back both up, file and passphrase: nobody can restore them."""
    path = Path(file)
    made = create_wallet(path, passphrase(path.name, new=True))
    value = {"file": str(path), "address": made.address}
    settings.output.result(value, lambda: settings.output.say(f"{checksum(made.address)} in {path}"))


@wallet.command(example="consentry wallet show --wallet alice.keystore")
@takes_wallet()
@click.option("--chain-id", type=click.IntRange(1), default=None, help="Also print the DID on this chain.")
@pass_settings
def show(settings: Settings, wallet: str, chain_id: int | None) -> None:
    """The wallet's public address. The key is never shown."""
    address = wallet_of(wallet).address
    value = {"address": address} | ({"did": did(address, chain_id)} if chain_id else {})

    def tell() -> None:
        settings.output.say(checksum(address))
        if chain_id:
            settings.output.say(did(address, chain_id))

    settings.output.result(value, tell)


@wallet.command("list", example="consentry wallet list ~/.consentry/wallets")
@click.argument("folder", metavar="[DIR]", default=".")
@pass_settings
def list_(settings: Settings, folder: str) -> None:
    """Key files of a folder.

    *.keystore, with the addresses of those that the passphrase opens.
    """
    found = list_wallets(Path(folder), passphrase("these wallets"))
    value = {"wallets": [{"file": str(one.path), "address": one.address} for one in found]}
    rows = [(one.path.name, checksum(one.address) if one.address else "another passphrase") for one in found]
    settings.output.result(value, lambda: settings.output.table(("file", "address"), rows))


@wallet.command(
    "open-directory",
    example="consentry wallet open-directory --wallet alice.keystore\n"
    "consentry wallet open-directory --wallet alice.keystore --rotate",
)
@takes_wallet()
@click.option("--rotate", is_flag=True, help="Replace a directory that is open: all categories at once.")
@takes_patient_did
@takes_gateway
@takes_chain
@pass_settings
def open_directory(
    settings: Settings,
    wallet: str,
    rotate: bool,  # noqa: FBT001 - click's form
) -> None:
    """Let records about you be filed and found.

    Opens your directory, in which they are found under your consents.

    The secrets are made here and sealed to the keepers. With --rpc and --deployment the keepers' keys are compared
    with the chain's; without, the gateway is taken at its word.
    """
    with signed_in(settings, wallet) as session:
        state = _state(session)
        if state.cid is not None and state.in_force and not rotate:
            value = {"cid": state.cid, "version": state.version, "opened": False}
            words = f"Your directory is open: version {state.version}, {state.cid}"
            settings.output.result(value, lambda: settings.output.say(words))
            return
        committee = committee_to_seal_to(settings, session.network)
        contract = IdentityContract(session.network.chain_id, session.network.identity_registry)
        with settings.output.working("Making and sealing the keys of every category"):
            signed = sign_directory(
                session.wallet, session.patient, committee, contract, state, settings.now()
            )
        relayed = session.client.post(
            "/api/directory",
            {
                "document": fields.to_base64(signed.document),
                "deadline": signed.deadline,
                "signature": fields.to_hex(signed.signature),
            },
        )
    if relayed.get("cid") != signed.cid:
        raise GatewayMisbehaved("it filed another document than the one that was signed")
    value = relayed | {"version": signed.version, "opened": True}
    words = (
        f"Directory version {signed.version} is open: {signed.cid}, transaction {relayed.get('transaction')}"
    )
    settings.output.result(value, lambda: settings.output.say(words))


def _state(session: SignedIn) -> DirectoryState:
    told = session.client.get("/api/directory")
    try:
        known = told.get("cid")
        return DirectoryState(
            cid=None if known is None else cid(known),
            version=None if told.get("version") is None else fields.integer(told["version"], "version", 1),
            identity_nonce=fields.integer(told.get("identityNonce"), "identityNonce"),
            in_force=told.get("inForce") is not False,
        )
    except LayoutInvalid as problem:
        raise GatewayMisbehaved(f"its account of the directory: {problem.diagnostics}") from None


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

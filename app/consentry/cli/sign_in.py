"""Signing in at a gateway with a wallet, for the length of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from consentry.cli.client import GatewayClient
from consentry.cli.network_values import NetworkInfo, is_elsewhere, network_of
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.settings import Settings, wallet_of
from consentry.domain import fields
from consentry.domain.addresses import Address, address_of_did, checksum, did
from consentry.errors import ActorUnknown, ConsentryError, NotSignedIn
from consentry.wallets.checks import Reading, check_sign_in_text, reading_session
from consentry.wallets.keyfile import Wallet


@dataclass(frozen=True)
class SignedIn:
    """A wallet with an open session at a gateway. `patient` is whom it acts for as a patient."""

    client: GatewayClient
    network: NetworkInfo
    wallet: Wallet
    patient: Address


@contextmanager
def signed_in(settings: Settings, wallet_file: str, *, as_staff: bool = False) -> Iterator[SignedIn]:
    """Sign in with the wallet, for its own patient, for the one of --for, or as staff; and out again at the end.

    Raises SigningRefused when the gateway asks to sign anything but a sign-in there, ActorUnknown for a wallet that is
    no staff's, and what the client raises.
    """
    with _signed_in(settings, wallet_of(wallet_file), as_staff=as_staff) as session:
        yield session


@contextmanager
def signed_in_again(settings: Settings, session: SignedIn) -> Iterator[SignedIn]:
    """The same wallet for the same patient at the gateway of these settings."""
    with _signed_in(settings, session.wallet, as_staff=False) as there:
        yield there


@contextmanager
def _signed_in(settings: Settings, wallet: Wallet, *, as_staff: bool) -> Iterator[SignedIn]:
    client = settings.client()
    network = network_of(client)
    told = client.post("/api/sign-in/challenges", {"address": checksum(wallet.address)})
    message = str(told.get("message"))
    check_sign_in_text(message, wallet.address, network.site(client))
    signature = fields.to_hex(wallet.sign_text(message))
    patient = (
        wallet.address if settings.patient is None else address_of_did(settings.patient, network.chain_id)
    )
    body = {"message": message, "signature": signature}
    # A member of staff may be a patient too: a patient's commands always say whom they are for.
    whom = {} if as_staff else {"patient": did(patient, network.chain_id)}
    answer = client.post("/api/sign-in", body | whom)
    token = answer.get("token")
    if not isinstance(token, str):
        raise GatewayMisbehaved("it signs in without a token")
    client.authorise(token)
    try:
        if as_staff and answer.get("role") != "staff":
            raise ActorUnknown(f"this account is not enrolled as staff at {network.member_name}")
        _tell_notifications(settings, answer.get("notifications"))
        yield SignedIn(client, network, wallet, patient)
    finally:
        try:
            client.delete("/api/sign-in")
        except ConsentryError:  # the session ends by itself; the command's own outcome matters more
            client.authorise(None)


def _tell_notifications(settings: Settings, count: object) -> None:
    if isinstance(count, int) and count > 0:
        times = "once" if count == 1 else f"{count} times"
        settings.output.note(
            f"Your emergency summary was opened {times}, and you have not said that you saw it: "
            "`consentry emergency notices`."
        )


@contextmanager
def desk(settings: Settings, staff: str | None) -> Iterator[tuple[GatewayClient, NetworkInfo | None]]:
    """The gateway as a member's own staff (a key file) or system (the client key) speaks to it."""
    if staff is not None:
        with signed_in(settings, staff, as_staff=True) as session:
            yield session.client, session.network
    else:
        with system(settings, "--as FILE") as client:
            yield client, None


@contextmanager
def system(settings: Settings, instead: str) -> Iterator[GatewayClient]:
    """The gateway as the hospital's own system speaks to it; `instead` is the option that does without the client key.

    Raises SettingMissing without a client key, NotSignedIn naming the member whose key would be needed.
    """
    client = settings.client()
    client.authorise(settings.client_key(instead))
    try:
        yield client
    except NotSignedIn:
        client.authorise(None)
        refused = NotSignedIn(f"this client key is not of {network_of(client).member_name}")
        refused.next_step = f"Give this member's key with --client-key-file FILE, or {instead}."  # type: ignore[misc]
        raise refused from None
    except ConsentryError as problem:
        if is_elsewhere(problem):
            client.authorise(None)
            network_of(client)  # says so when it is no gateway that answers
        raise


def open_reading_session(settings: Settings, session: SignedIn, purpose: str | None) -> str:
    """Let the gateway read for the wallet's holder; gives when that ends. `purpose` None: the patient's own record.

    Says on stderr what is signed. Raises SigningRefused when the session is for someone or something else.
    """
    network = session.network
    who = session.patient if purpose is None else session.wallet.address
    asked = Reading(who, purpose, network.member_name, network.chain_id)
    told = session.client.post("/api/reading-sessions/challenges", {"purpose": purpose or "PATRQT"})
    typed = reading_session(told.get("typedData"), asked, settings.now())
    settings.output.note(
        f"Signing: {network.member_name} may read for {checksum(who)} ({purpose or 'own record'}) "
        f"until {typed['message']['expires']}."
    )
    signature = fields.to_hex(session.wallet.sign_typed(typed))
    opened: dict[str, Any] = session.client.post(
        "/api/reading-sessions", {"ref": told.get("ref"), "signature": signature}
    )
    return str(opened.get("expiresAt", ""))

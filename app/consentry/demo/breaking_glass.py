"""An emergency: two people of City open a patient's summary for some minutes, and somebody else reviews it. On chain only;
keepers release under this ground in a later version."""

from __future__ import annotations

from collections.abc import Callable

from consentry.bootstrap.common import SystemClock
from consentry.demo.cast import Cast
from consentry.demo.telling import Step, StepDiffers, Telling
from consentry.domain import fields
from consentry.domain.openings import Finding
from consentry.errors import SignatureInvalid, TransactionReverted
from consentry.network.plan import member_named
from consentry.network.run import Network
from consentry.services import emergency
from consentry.services.emergency import EmergencyPorts, Prepare, Prepared, Relayed
from consentry.services.sign_in import Site
from consentry.wallets.keyfile import Wallet

FIRST, SECOND, THIRD = "dr_duarte", "nurse_okoye", "dr_lindqvist"
SECONDS = 900


def opened_and_reviewed(cast: Cast, telling: Telling) -> None:
    network = cast.network
    ports = _ports(network)
    first, second, third = (Wallet(network.place.wallet_key(slug)) for slug in (FIRST, SECOND, THIRD))
    telling.heading("Bob is brought in unconscious")
    wanted = Prepare(network.people["bob"], first.address, second.address, SECONDS)
    prepared = emergency.prepare(wanted, ports)
    with telling.tell("Dr Duarte alone can't open his emergency summary") as step:
        try:
            emergency.open_summary(prepared.opening, *(_signed(first, prepared),) * 2, ports)
        except SignatureInvalid as error:
            step.saw(f"{error.code}: {error.diagnostics}")
        else:
            step.expect(False, "one person opened it")
    with telling.tell(
        "Dr Duarte and nurse Okoye open it; the chain sees who, and a hash in place of Bob"
    ) as step:
        signatures = (_signed(first, prepared), _signed(second, prepared))
        _told(step, "opening", emergency.open_summary(prepared.opening, *signatures, ports))
    with telling.tell("they close it after a look; neither of them may review it") as step:
        typed = emergency.closing_data(prepared.opening_id, second.address, ports)
        signature = fields.to_hex(second.sign_typed(typed))
        _told(step, "closing", emergency.close(prepared.opening_id, second.address, signature, ports))
        refused = _reverted(lambda: _reviewed(prepared, first, ports))
        step.saw(f"the contract says {refused}")
    with telling.tell("Dr Lindqvist of another department reviews it, for everybody to see") as step:
        _told(step, "review: justified", _reviewed(prepared, third, ports))


def _reviewed(prepared: Prepared, reviewer: Wallet, ports: EmergencyPorts) -> Relayed:
    asked = (prepared.opening_id, Finding.Justified, reviewer.address)
    signature = fields.to_hex(reviewer.sign_typed(emergency.review_data(*asked, ports)))
    return emergency.review(*asked, signature, ports)


def _signed(wallet: Wallet, prepared: Prepared) -> str:
    return fields.to_hex(wallet.sign_typed(prepared.typed_data))


def _reverted(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except TransactionReverted as error:
        return error.name
    raise StepDiffers("an opener reviewed the own opening")


def _told(step: Step, what: str, relayed: Relayed) -> None:
    step.transaction(what, fields.to_hex(relayed.transaction), relayed.gas_used, relayed.block)


def _ports(network: Network) -> EmergencyPorts:
    """As City's gateway has them."""
    ledger, city = network.ledger, member_named("city")
    site = Site(network.gateways["city"], network.members["city"].account, city.name, ledger.chain_id)
    return EmergencyPorts(site, ledger, network.sender_of("city"), SystemClock())

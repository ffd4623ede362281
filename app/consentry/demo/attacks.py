"""What must not work, tried for real against the running network. Each gives a sentence on what stopped it."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import replace
from typing import Any

import urllib3

from consentry.cli.client import GatewayClient
from consentry.crypto import hpke
from consentry.demo.actors import Person, asking_of
from consentry.demo.telling import StepDiffers
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.directory import SERVICE
from consentry.domain.requests import ReleaseRequest, SeedItem
from consentry.domain.terms import Consent, typed_data
from consentry.errors import ConsentryError, TransactionReverted
from consentry.network.plan import MEMBERS
from consentry.network.run import Network
from consentry.services import directory
from consentry.services.asking import Asking
from consentry.wallets.keyfile import Wallet

_HTTP = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2.0, read=10.0), retries=False)
STALE_SECONDS = 120
TOO_FEW = 2


def one_sided_committee(network: Network) -> str:
    """Ask for a committee of which any two open a record: the two hospitals would do it alone."""
    seats = []
    for plan in MEMBERS:
        key = hpke.public_key(hpke.generate_seed())
        account = network.place.new_wallet(f"refused-{plan.slug}")
        member = network.members[plan.slug].account
        seats.append((account, member, int(plan.chamber), "http://localhost", key))
    try:
        network.deployer.transact("KeeperCommittee", "publish", seats, TOO_FEW)
    except TransactionReverted as error:
        return error.name
    raise StepDiffers("a chamber that reaches the threshold alone was accepted")


def by_the_deployer(network: Network) -> str:
    """Who deployed the contracts tries to admit a member."""
    account = network.place.new_wallet("refused-member")
    try:
        network.deployer.transact("MemberRegistry", "admit", account, "Shadow Clinic", "hospital")
    except TransactionReverted as error:
        return error.name
    raise StepDiffers("the deployer's key still admits members")


def stranger(network: Network, ref: str, consent: Consent) -> str:
    """Mallory has a wallet, knows the terms and the patient's address, and is nobody's staff."""
    heard = []
    mallory = Person.sign_in(network, "mallory", "city")
    try:
        mallory.open_session("PATRQT")
        mallory.everything(ref)
    except ConsentryError as error:
        heard.append(f"gateway: {error.code}")
    else:
        raise StepDiffers("the gateway answered a stranger")
    anonymous = GatewayClient(network.gateways["city"])
    try:
        anonymous.get(f"/fhir/Patient/{ref}/$everything")
    except ConsentryError as error:
        heard.append(f"without sign-in: {error.code}")
    else:
        raise StepDiffers("the gateway answered somebody unknown")
    asking = asking_of(mallory.wallet, consent, "City Hospital", network.ledger.chain_id, "TREAT")
    status, answer = _release(network, _seed_request(network, asking, consent), asking)
    if status == 200:
        raise StepDiffers("a keeper answered a stranger")
    return "; ".join([*heard, f"keeper: {answer.get('code')}"])


def stale_request(network: Network, consent: Consent) -> str:
    """Dr Bose's own request, signed two minutes ago."""
    asking = of_bose(network, consent)
    request = replace(_seed_request(network, asking, consent), issued_at=int(time.time()) - STALE_SECONDS)
    status, answer = _release(network, request, asking)
    if status == 200:
        raise StepDiffers("a keeper answered a stale request")
    return f"keeper: {answer.get('code')}"


def replayed_request(network: Network, consent: Consent) -> str:
    """Mallory sends a captured request again, as it is and with her own key to seal to."""
    asking = of_bose(network, consent)
    request = _seed_request(network, asking, consent)
    first_status, first = _release(network, request, asking)
    again_status, again = _release(network, request, asking)
    if (first_status, again_status) != (200, 200) or first["items"][0]["decision"] != "released":
        raise StepDiffers("the honest request was not answered")
    if first["items"][0]["receipt"]["seq"] != again["items"][0]["receipt"]["seq"]:
        raise StepDiffers("a replay made a second receipt")
    own = hpke.generate_seed()
    changed = replace(request, seal_to=hpke.public_key(own))
    body = _body(request, asking)
    body["request"] = fields.to_base64(changed.to_bytes())
    status, refused = _post(network, body)
    if status == 200:
        raise StepDiffers("a keeper sealed a share to a key that nobody signed for")
    return (
        f"same receipt number {again['items'][0]['receipt']['seq']}; with another key: {refused.get('code')}"
    )


def past_the_gateway(network: Network, consent: Consent) -> str:
    """Dr Bose asks every keeper himself, with a good signature and without any gateway."""
    asking = of_bose(network, consent)
    body = _body(_seed_request(network, asking, consent), asking)
    for slug in network.keepers:
        status, answer = _post(network, body, slug)
        if status != 200 or [item.get("code") for item in answer["items"]] != ["no-ground"]:
            raise StepDiffers(f"the keeper of {slug} did not refuse: HTTP {status}")
    return f"asked past any gateway, each of {len(network.keepers)} keepers says no-ground"


def grant_again(network: Network, consent: Consent, wallet: Wallet) -> None:
    """Relay the old signature once more. Raises TransactionReverted."""
    contract = Address(network.ledger.address_of("ConsentRegistry"))
    signature = wallet.sign_typed(typed_data(consent, network.ledger.chain_id, contract))
    grant = consent.grant()
    values = (grant.patient, grant.terms_hash, grant.valid_from, grant.valid_until, grant.relay_before)
    network.sender_of("mercy").transact("ConsentRegistry", "grantBySignature", values, signature)


def of_bose(network: Network, consent: Consent) -> Asking:
    """What Dr Bose's own wallet may ask of keepers, without a gateway."""
    wallet = Wallet(network.place.wallet_key("dr_bose"))
    return asking_of(wallet, consent, "City Hospital", network.ledger.chain_id, "TREAT")


def _seed_request(network: Network, asking: Asking, consent: Consent) -> ReleaseRequest:
    change = network.ledger.latest_attribute(consent.patient, SERVICE)
    if change is None:
        raise StepDiffers("the patient has no directory")
    cid = change.value.decode("ascii").removeprefix(directory.SCHEME)
    category = Category(consent.terms.provisions[0].categories[0])
    return ReleaseRequest(
        actor=asking.actor,
        chain_id=network.ledger.chain_id,
        consent_registry=Address(network.ledger.address_of("ConsentRegistry")),
        ground=asking.ground,
        issued_at=int(time.time()),
        items=(SeedItem(category, cid, consent.patient),),
        nonce=bytes(16),
        practitioner=None,
        purpose=asking.purpose,
        seal_to=hpke.public_key(hpke.generate_seed()),
        session=asking.certificate,
    )


def _body(request: ReleaseRequest, asking: Asking) -> dict[str, Any]:
    raw = request.to_bytes()
    return {
        "request": fields.to_base64(raw),
        "signature": fields.to_base64(asking.key.sign(raw)),
        "shares": [None] * len(request.items),
    }


def _release(network: Network, request: ReleaseRequest, asking: Asking) -> tuple[int, dict[str, Any]]:
    return _post(network, _body(request, asking))


def _post(network: Network, body: dict[str, Any], slug: str = "mercy") -> tuple[int, dict[str, Any]]:
    """To one keeper, past any gateway."""
    url = f"{network.keepers[slug]}/release"
    answer = _HTTP.request(
        "POST",
        url,
        body=json.dumps(body),
        headers={"Content-Type": "application/json"},
        preload_content=False,
    )
    with closing(answer):
        return answer.status, dict(json.loads(answer.read(65_536)))

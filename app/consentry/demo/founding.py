"""The first half of the story: a consortium, records, a decision."""

from __future__ import annotations

from consentry.demo import attacks
from consentry.demo.actors import Patient, Person
from consentry.demo.bundles import PATIENTS, demo_bundles
from consentry.demo.cast import (
    ALICE,
    SEED,
    Cast,
    terms_for,
)
from consentry.demo.telling import Telling
from consentry.domain.terms import Consent
from consentry.errors import NoGround
from consentry.network.plan import THRESHOLD
from consentry.network.run import Network


def found(cast: Cast, telling: Telling) -> None:
    network = cast.network
    telling.heading("A consortium is founded")
    with telling.tell("the chain runs, Brownie deploys the contracts") as step:
        network.start_engines()
        network.deploy()
        step.saw(f"{len(network.connection.contracts)} contracts on chain {network.ledger.chain_id}")
    with telling.tell("members are admitted, staff enrolled by their own member") as step:
        step.transactions("members and directory keys", network.admit_members())
        step.transactions("staff and system accounts", network.enrol_staff())
        network.make_wallets()
    with telling.tell("a committee in which one chamber alone reaches the threshold is refused") as step:
        refused = attacks.one_sided_committee(network)
        step.saw(f"the contract says {refused}")
    with telling.tell(f"five keepers of three chambers, any {THRESHOLD} of them open a record") as step:
        receipt = network.publish_committee()
        step.transaction("committee", "0x" + receipt.hash.hex(), receipt.gas_used, receipt.block)
    with telling.tell("the founder hands everything over: its key opens nothing any more") as step:
        network.hand_over()
        step.saw(f"the contract says {attacks.by_the_deployer(network)}")
    with telling.tell("five keepers and two gateways start, each a process of its own") as step:
        network.start_keepers()
        network.start_gateways()
        network.await_ready()
        step.saw(", ".join(f"{slug} {url}" for slug, url in network.gateways.items()))


def publish(cast: Cast, telling: Telling) -> None:
    network = cast.network
    telling.heading("Alice and her records")
    with telling.tell("alice signs in with her wallet and opens her directory; she pays nothing") as step:
        cast.alice = Patient.sign_in(network, "alice", "city")
        opened = cast.alice.open_directory(network)
        step.transaction("directory", opened["transaction"], opened["gasUsed"], opened["block"])
    with telling.tell(
        "both hospitals link their patient number to her DID, by her signature at the desk"
    ) as step:
        cast.ref_at_mercy = cast.mercy.link(ALICE.mrn, cast.alice.wallet)
        cast.ref_at_city = cast.city.link("CITY-2093", cast.alice.wallet)
        step.saw("nothing of it on chain: a link is a hospital's own note")
    with telling.tell("Mercy publishes her year of care") as step:
        answer = cast.mercy.publish(cast.bundle, cast.ref_at_mercy)
        drafts = cast.drafts
        step.expect(len(answer["entry"]) == len(drafts), "another number of records was published")
        published = [entry["response"]["status"] for entry in answer["entry"]]
        step.expect(all(status.startswith("201") for status in published), "the records were not new")
        step.saw(f"{len(cast.bundle):,} bytes of FHIR became {len(drafts)} sealed records in one anchor")
        step.saw(_seen_anchor(network))
    with telling.tell("so are bob's and chen's, under their own keys") as step:
        for other in PATIENTS[1:]:
            somebody = Patient.sign_in(network, other.key, "city")
            somebody.open_directory(network)
            ref = cast.mercy.link(other.mrn, somebody.wallet)
            answer = cast.mercy.publish(demo_bundles(SEED)[other.key], ref)
            step.saw(f"{other.key}: {len(answer['entry'])} sealed records")
    with telling.tell("publishing the same again anchors nothing") as step:
        before = network.ledger.head().number
        again = cast.mercy.publish(cast.bundle, cast.ref_at_mercy)
        step.expect(
            all(entry["response"]["status"].startswith("200") for entry in again["entry"]),
            "a record was doubled",
        )
        anchored = list(network.ledger.anchors(before + 1, network.ledger.head().number))
        step.expect(not anchored, "something was anchored twice")


def grant(cast: Cast, telling: Telling) -> None:
    telling.heading("Alice decides")
    with telling.tell("City proposes terms; alice reads them in words") as step:
        cast.city.propose(cast.ref_at_city, terms_for(cast.category), days=30)
        proposed = cast.alice.consents()
        step.expect(
            len(proposed) == 1 and proposed[0]["status"] == "proposed", "the proposal did not reach alice"
        )
        for line in proposed[0]["words"]["en"]:
            step.saw(f"“{line}”")
    with telling.tell("before she signs, Dr Bose gets nothing") as step:
        cast.bose = Person.sign_in(cast.network, "dr_bose", "city")
        cast.bose.open_session("TREAT")
        step.saw(refused(cast.bose, cast.ref_at_city))
    with telling.tell("she signs; a member relays; the chain sees a salted hash and a window") as step:
        granted = cast.alice.grant(cast.alice.consents()[0])
        cast.consent_id = granted["id"]
        cast.consent = Consent.from_json(cast.alice.consents()[0]["consent"])
        step.transaction("consent", granted["transaction"], granted["gasUsed"], granted["block"])
        step.expect(cast.alice.consents()[0]["status"] == "active", "the consent is not active")


def refused(person: Person, ref: str) -> str:
    try:
        person.everything(ref)
    except NoGround as error:
        return f"the gateway says {error.code}"
    raise AssertionError("something was released without a ground")


def _seen_anchor(network: Network) -> str:
    anchor = list(network.ledger.anchors(0, network.ledger.head().number))[-1]
    receipt = network.connection.rpc.call("eth_getTransactionReceipt", "0x" + anchor.transaction.hex())
    digest = anchor.transaction.hex()
    return (
        f"anchor: transaction 0x{digest[:8]}…{digest[-4:]}, block {anchor.block}, "
        f"{int(receipt['gasUsed'], 16):,} gas for {anchor.count} records"
    )

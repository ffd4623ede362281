"""The demo: real FHIR records go from one hospital to another under a patient's signature, and everything that must not
happen is tried. Each step says what it saw; the first that differs ends the demo with an exit code other than 0."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from consentry.demo import attacks, damage, ledger_search
from consentry.demo.actors import Hospital, Patient, Person, canonical, resources
from consentry.demo.bundles import PATIENTS, demo_bundles
from consentry.demo.telling import Telling
from consentry.domain import times
from consentry.domain.terms import Consent
from consentry.errors import KeepersInsufficient, NoGround, TransactionReverted
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import parse_bundle
from consentry.network.engines import StoreKind
from consentry.network.place import Place
from consentry.network.plan import THRESHOLD
from consentry.network.run import REPOSITORY, Network

SEED = 20261121
ALICE = PATIENTS[0]
LABORATORY = "laboratory"
WORDS = {LABORATORY: "laboratory results"}
KEEPERS_TO_KILL = ("trustee", "council", "regulator")
INTERN_DEPARTMENT = "endocrinology"


def terms_for(category: str) -> dict[str, Any]:
    """What City proposes: one category, for treatment, up to restricted."""
    provision = {
        "purposes": ["TREAT"],
        "categories": [category],
        "confidentiality": "R",
        "dataFrom": "any",
        "dataUntil": "any",
        "authors": ["any"],
        "records": ["any"],
    }
    return {"roles": ["attending", "intern"], "provisions": [provision], "maxUses": 0}


@dataclass
class Cast:
    """Who has appeared so far, and what they hold."""

    network: Network
    bundle: bytes
    alice: Patient = field(init=False)
    bose: Person = field(init=False)
    ref_at_mercy: str = ""
    ref_at_city: str = ""
    consent_id: str = ""
    consent: Consent = field(init=False)

    @property
    def mercy(self) -> Hospital:
        return Hospital(self.network, "mercy")

    @property
    def city(self) -> Hospital:
        return Hospital(self.network, "city")

    @cached_property
    def drafts(self) -> tuple[RecordDraft, ...]:
        return split(parse_bundle(self.bundle), received_at=times.iso(int(time.time())))

    @property
    def category(self) -> str:
        """What alice shares: her laboratory results, or what a bundle of yours has most of."""
        counted = Counter(str(draft.category) for draft in self.drafts)
        return LABORATORY if LABORATORY in counted else counted.most_common(1)[0][0]

    def expected(self, *confidentialities: str, department: str | None = None) -> set[str]:
        """The resources of that category that must come out, as published."""
        found: set[str] = set()
        for draft in self.drafts:
            shared = draft.category == self.category and draft.confidentiality in confidentialities
            if shared and department in (None, draft.department):
                found |= {canonical(one) for one in _inside(draft.content)}
        return found


def demo(chain: str, store: StoreKind, bundle: Path | None) -> None:
    """Tell the whole story on a fresh network. Raises at the step that differs."""
    telling = Telling()
    content = bundle.read_bytes() if bundle else demo_bundles(SEED)[ALICE.key]
    place = Place(REPOSITORY / ".consentry" / f"demo-{_slug(chain)}-{store}")
    network = Network(place, chain, store)
    cast = Cast(network, content)
    shared = cast.category  # a bundle that cannot be published ends here, before anything is started
    telling.heading(
        f"Consentry: the whole exchange on one machine (chain {chain}, store {store}, shared: {shared})"
    )
    with network:
        _found(cast, telling)
        _publish(cast, telling)
        _grant(cast, telling)
        _read_chapter(cast, telling)
        _refusals(cast, telling)
        _faults(cast, telling)
        _revoke(cast, telling)
        _account(cast, telling)
        telling.end()


def _found(cast: Cast, telling: Telling) -> None:
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
    with telling.tell("five keepers and two gateways start, each a process of its own") as step:
        network.start_keepers()
        network.start_gateways()
        network.await_ready()
        step.saw(", ".join(f"{slug} {url}" for slug, url in network.gateways.items()))


def _publish(cast: Cast, telling: Telling) -> None:
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


def _grant(cast: Cast, telling: Telling) -> None:
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
        step.saw(_refused(cast.bose, cast.ref_at_city))
    with telling.tell("she signs; a member relays; the chain sees a salted hash and a window") as step:
        granted = cast.alice.grant(cast.alice.consents()[0])
        cast.consent_id = granted["id"]
        cast.consent = Consent.from_json(cast.alice.consents()[0]["consent"])
        step.transaction("consent", granted["transaction"], granted["gasUsed"], granted["block"])
        step.expect(cast.alice.consents()[0]["status"] == "active", "the consent is not active")


def _read_chapter(cast: Cast, telling: Telling) -> None:
    telling.heading("City reads")
    with telling.tell(
        f"Dr Bose reads her {WORDS.get(cast.category, cast.category)} and gets exactly these"
    ) as step:
        bundle = cast.bose.everything(cast.ref_at_city)
        found = _clinical(bundle)
        step.expect(found == cast.expected("N", "R"), "what came differs from what was published")
        step.saw(f"{len(found)} resources, JSON-equal to what Mercy published")
    with telling.tell("her psychiatric notes are not there, and nothing tells that they exist") as step:
        hidden = [draft for draft in cast.drafts if draft.category == "psychiatry"]
        matches = [entry for entry in bundle["entry"] if entry["search"]["mode"] == "match"]
        step.expect(bundle["total"] == len(matches), "the total counts what is withheld")
        step.expect(not _warnings(bundle), "the answer hints at something withheld")
        step.expect("psychiatr" not in json.dumps(bundle).lower(), "the answer speaks of psychiatry")
        step.saw(
            f"{len(hidden)} such records exist; the answer counts {bundle['total']} and warns of nothing"
        )
    with telling.tell("an intern does not get what an attending gets") as step:
        ines = Person.sign_in(cast.network, "ines", "city")
        ines.open_session("TREAT")
        got = _clinical(ines.everything(cast.ref_at_city))
        step.expect(
            got == cast.expected("N", department=INTERN_DEPARTMENT), "the ceiling of the role does not hold"
        )
        if got == found:
            step.saw("this bundle holds nothing that a ceiling keeps from an intern")
        else:
            step.saw(f"{len(got)} resources instead of {len(found)}: nothing restricted, own department only")


def _refusals(cast: Cast, telling: Telling) -> None:
    telling.heading("Who else tries")
    with telling.tell("a stranger with a wallet gets nothing, from the gateway or from keepers") as step:
        step.saw(attacks.stranger(cast.network, cast.ref_at_city, cast.consent))
    with telling.tell("a request older than a minute gets nothing") as step:
        step.saw(attacks.stale_request(cast.network, cast.consent))
    with telling.tell(
        "a replayed request gives its sealed answer to nobody new, and no second receipt"
    ) as step:
        step.saw(attacks.replayed_request(cast.network, cast.consent))


def _faults(cast: Cast, telling: Telling) -> None:
    network = cast.network
    telling.heading("Parts fail")
    wanted = cast.expected("N", "R")
    with telling.tell(
        "a byte of a ciphertext is flipped on disk: the read names it, the rest is read"
    ) as step:
        cid = damage.a_ciphertext(network, attacks.of_bose(network, cast.consent), cast.consent)
        with damage.flipped_byte(network, cid) as block:
            bundle = cast.bose.everything(cast.ref_at_city)
            warnings = _warnings(bundle)
            step.expect(any(block in text for text in warnings), "the damaged block is not named")
            step.expect(_clinical(bundle) < wanted, "damaged content was handed out")
            step.saw(next(text for text in warnings if block in text))
    with telling.tell("two of five keepers are killed: reading goes on") as step:
        for slug in KEEPERS_TO_KILL[:2]:
            network.processes[f"keeper-{slug}"].kill()
        step.expect(_clinical(cast.bose.everything(cast.ref_at_city)) == wanted, "something is missing")
    with telling.tell("a third is killed: reading stops and says so") as step:
        network.processes[f"keeper-{KEEPERS_TO_KILL[2]}"].kill()
        try:
            cast.bose.everything(cast.ref_at_city)
        except KeepersInsufficient as error:
            step.saw(f"{error.code}: {error.diagnostics}")
        else:
            step.expect(False, "two keepers sufficed")
    with telling.tell("they come back with their books, and reading goes on") as step:
        for slug in KEEPERS_TO_KILL:
            network.processes[f"keeper-{slug}"].start()
        network.processes.await_ready()
        step.expect(_clinical(cast.bose.everything(cast.ref_at_city)) == wanted, "something is missing")


def _revoke(cast: Cast, telling: Telling) -> None:
    telling.heading("Alice changes her mind")
    with telling.tell("she revokes, with one signature") as step:
        revoked = cast.alice.revoke(cast.consent_id)
        step.transaction("revocation", revoked["transaction"], revoked["gasUsed"], revoked["block"])
    with telling.tell("the next read gets nothing") as step:
        step.saw(_refused(cast.bose, cast.ref_at_city))
    with telling.tell("nobody grants it again: an id lives once") as step:
        try:
            attacks.grant_again(cast.network, cast.consent, cast.alice.wallet)
        except TransactionReverted as error:
            step.saw(f"the contract says {error.name}")
        else:
            step.expect(False, "a revoked consent was revived")


def _account(cast: Cast, telling: Telling) -> None:
    telling.heading("The account")
    with telling.tell(
        "alice asks every keeper who saw her record; every release proves from receipt to root"
    ) as step:
        step.saw(ledger_search.prove_receipts(cast.alice))
    with telling.tell("the chain's data is searched for her identifiers: nothing is found") as step:
        words = ledger_search.identifiers(ALICE, cast.bundle, terms_for(cast.category))
        step.saw(ledger_search.search_chain(cast.network, words, cast.alice.wallet.address))
    with telling.tell("so are the stored blocks and the logs of every process") as step:
        step.saw(ledger_search.search_files(cast.network, words))


def _refused(person: Person, ref: str) -> str:
    try:
        person.everything(ref)
    except NoGround as error:
        return f"the gateway says {error.code}"
    raise AssertionError("something was released without a ground")


def _clinical(bundle: dict[str, Any]) -> set[str]:
    """What a searchset holds besides the Patient it is about."""
    return {canonical(one) for one in resources(bundle) if one["resourceType"] != "Patient"}


def _warnings(bundle: dict[str, Any]) -> list[str]:
    return [
        issue["diagnostics"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "OperationOutcome"
        for issue in entry["resource"]["issue"]
    ]


def _seen_anchor(network: Network) -> str:
    anchor = list(network.ledger.anchors(0, network.ledger.head().number))[-1]
    receipt = network.connection.rpc.call("eth_getTransactionReceipt", "0x" + anchor.transaction.hex())
    digest = anchor.transaction.hex()
    return (
        f"anchor: transaction 0x{digest[:8]}…{digest[-4:]}, block {anchor.block}, "
        f"{int(receipt['gasUsed'], 16):,} gas for {anchor.count} records"
    )


def _inside(content: bytes) -> list[dict[str, Any]]:
    return resources(json.loads(content))


def _slug(chain: str) -> str:
    return chain if chain in ("anvil", "ganache") else "url"

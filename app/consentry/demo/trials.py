"""The second half of the story: reading, and everything that must not work."""

from __future__ import annotations

import json
from collections import Counter

from consentry.demo import accounting, attacks, damage, ledger_search
from consentry.demo.actors import Person
from consentry.demo.cast import (
    ALICE,
    INTERN_DEPARTMENT,
    KEEPERS_TO_KILL,
    WORDS,
    Cast,
    clinical,
    counted,
    terms_for,
    warnings_of,
)
from consentry.demo.founding import refused
from consentry.demo.telling import Telling
from consentry.errors import KeepersInsufficient, TransactionReverted


def read(cast: Cast, telling: Telling) -> None:
    telling.heading("City reads")
    with telling.tell(
        f"Dr Bose reads her {WORDS.get(cast.category, cast.category)} and gets exactly these"
    ) as step:
        bundle = cast.bose.everything(cast.ref_at_city)
        found = clinical(bundle)
        step.expect(found == cast.expected("N", "R"), "what came differs from what was published")
        step.expect(found <= cast.sent, "what came is not what the hospital's system had sent")
        step.saw(f"{counted(found, 'resource')}, JSON-equal to what Mercy sent, but for ids and references")
    hidden = Counter(str(draft.category) for draft in cast.drafts if draft.category != cast.category)
    unspoken = "her psychiatric notes are" if "psychiatry" in hidden else "what she did not share is"
    with telling.tell(f"{unspoken} not there, and nothing tells that anything is missing") as step:
        matches = [entry for entry in bundle["entry"] if entry["search"]["mode"] == "match"]
        step.expect(bundle["total"] == len(matches), "the total counts what is withheld")
        step.expect(not warnings_of(bundle), "the answer hints at something withheld")
        if "psychiatry" in hidden:
            step.expect("psychiatr" not in json.dumps(bundle).lower(), "the answer speaks of psychiatry")
        step.saw(
            f"{hidden.total()} other records of {len(hidden)} categories exist; the same answer counts "
            f"{bundle['total']} and warns of nothing"
        )
    ines = Person.sign_in(cast.network, "ines", "city")
    ines.open_session("TREAT")
    with telling.tell("an intern gets nothing while alice is in nobody's care at City") as step:
        step.saw(refused(ines, cast.ref_at_city))
    with telling.tell(
        "City's system notes her episode; the intern does not get what an attending gets"
    ) as step:
        cast.city.note_episode(cast.ref_at_city, INTERN_DEPARTMENT)
        got = clinical(ines.everything(cast.ref_at_city))
        step.expect(
            got == cast.expected("N", department=INTERN_DEPARTMENT), "the ceiling of the role does not hold"
        )
        if got == found:
            step.saw("this bundle holds nothing that a ceiling keeps from an intern")
        else:
            step.saw(
                f"{counted(got, 'resource')} instead of {len(found)}: nothing restricted, own department only"
            )


def refusals(cast: Cast, telling: Telling) -> None:
    telling.heading("Who else tries")
    with telling.tell("a stranger with a wallet gets nothing, from the gateway or from keepers") as step:
        step.saw(attacks.stranger(cast.network, cast.ref_at_city, cast.consent))
    with telling.tell("a request older than a minute gets nothing") as step:
        step.saw(attacks.stale_request(cast.network, cast.consent))
    with telling.tell(
        "a replayed request gives its sealed answer to nobody new, and no second receipt"
    ) as step:
        step.saw(attacks.replayed_request(cast.network, cast.consent))


def faults(cast: Cast, telling: Telling) -> None:
    network = cast.network
    telling.heading("Parts fail")
    wanted = cast.expected("N", "R")
    with telling.tell(
        "a byte of a ciphertext is flipped on disk: the read names it, the rest is read"
    ) as step:
        cid = damage.a_ciphertext(network, attacks.of_bose(network, cast.consent), cast.consent)
        with damage.flipped_byte(network, cid) as block:
            bundle = cast.bose.everything(cast.ref_at_city)
            warnings = warnings_of(bundle)
            step.expect(any(block in text for text in warnings), "the damaged block is not named")
            step.expect(clinical(bundle) < wanted, "damaged content was handed out")
            step.saw(next(text for text in warnings if block in text).replace(f"{cid}: ", ""))
            left = clinical(bundle)
            step.saw(f"{counted(left, 'resource')} of {len(wanted)} read beside it")
    with telling.tell("two of five keepers are killed: reading goes on") as step:
        for slug in KEEPERS_TO_KILL[:2]:
            network.processes[f"keeper-{slug}"].kill()
        step.expect(clinical(cast.bose.everything(cast.ref_at_city)) == wanted, "something is missing")
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
        step.expect(clinical(cast.bose.everything(cast.ref_at_city)) == wanted, "something is missing")


def revoke(cast: Cast, telling: Telling) -> None:
    telling.heading("Alice changes her mind")
    with telling.tell("she revokes, with one signature") as step:
        revoked = cast.alice.revoke(cast.consent_id)
        step.transaction("revocation", revoked["transaction"], revoked["gasUsed"], revoked["block"])
    with telling.tell("the next read gets nothing") as step:
        step.saw(refused(cast.bose, cast.ref_at_city))
        step.saw(attacks.past_the_gateway(cast.network, cast.consent))
    with telling.tell("nobody grants it again: an id lives once") as step:
        try:
            attacks.grant_again(cast.network, cast.consent, cast.alice.wallet)
        except TransactionReverted as error:
            step.saw(f"the contract says {error.name}")
        else:
            step.expect(False, "a revoked consent was revived")


def account(cast: Cast, telling: Telling) -> None:
    telling.heading("The account")
    with telling.tell(
        "alice asks who saw her record; every receipt proves, in her own hands, up to the root on chain"
    ) as step:
        step.saw(ledger_search.prove_receipts(cast.network, cast.alice))
    with telling.tell(
        "she keeps it as one file, and that file and a chain node are all that proves it"
    ) as step:
        file = accounting.exported(cast.network, cast.alice)
        step.saw(accounting.proven(cast.network, file))
        step.saw(accounting.one_left_out(cast.network, file))
    with telling.tell("the regulator sees who asks, when and why, from every keeper, and no patient") as step:
        step.saw(accounting.regulators_feed(cast.network, cast.alice))
    with telling.tell("the chain's data is searched for her identifiers: nothing is found") as step:
        words = ledger_search.identifiers(ALICE, cast.bundle, terms_for(cast.category))
        step.saw(ledger_search.search_chain(cast.network, words, cast.alice.patient))
    with telling.tell("so are the stored blocks and the logs of every process") as step:
        step.saw(ledger_search.search_files(cast.network, words, cast.alice.patient))

"""An emergency: two people of City open a patient's summary for some minutes and read it, and somebody else reviews it."""

from __future__ import annotations

import json
from typing import Any

from consentry.demo.actors import Person, resources
from consentry.demo.cast import Cast, counted
from consentry.demo.telling import Step, StepDiffers, Telling
from consentry.domain import addresses, fields
from consentry.errors import NoGround, SignatureInvalid, TransactionReverted

FIRST, SECOND, THIRD = "dr_duarte", "nurse_okoye", "dr_lindqvist"
SECONDS = 900
OPENINGS = "/api/emergency/openings"
_EVERYTHING = "/fhir/Patient/emergency/$everything"


def opened_and_reviewed(cast: Cast, telling: Telling) -> None:
    network = cast.network
    first, second, third = (Person.sign_in(network, slug, "city") for slug in (FIRST, SECOND, THIRD))
    telling.heading("Bob is brought in unconscious")
    proposed = _proposed(cast, first, second)
    with telling.tell("Dr Duarte alone can't open his emergency summary") as step:
        try:
            _open(proposed, first, first)
        except SignatureInvalid as error:
            step.saw(f"{error.code}: {error.diagnostics}")
        else:
            step.expect(False, "one person opened it")
    with telling.tell(
        "Dr Duarte and nurse Okoye open it; the chain sees who, and a hash in place of Bob"
    ) as step:
        opened = _open(proposed, first, second)
        _told(step, "opening", opened)
    with telling.tell("Dr Duarte reads the summary that Mercy wrote, and nothing else of Bob's") as step:
        first.open_session("ETREAT")
        found = [one for one in resources(_read(first, opened)) if one["resourceType"] != "Patient"]
        categories = {
            tag["code"] for one in found for tag in one["meta"]["tag"] if "category" in tag["system"]
        }
        step.expect(categories == {"emergency"}, "another category was released")
        kinds = sorted({one["resourceType"] for one in found} - {"Composition"})
        step.saw(f"{counted(found, 'resource')} of category emergency: {', '.join(kinds)}")
    with telling.tell("they close it after a look; neither of them may review it") as step:
        _told(step, "closing", _sign_at(second, f"{opened['id']}/closing"))
        step.expect(_nothing(first, opened), "a closed opening was read under")
        step.saw(f"the contract says {_reverted(first, opened)}")
    with telling.tell("Dr Lindqvist of another department reviews it, for everybody to see") as step:
        _told(step, "review: justified", _sign_at(third, f"{opened['id']}/review/justified"))
    with telling.tell("Bob wakes up, signs in, and is told who opened his summary") as step:
        bob = Person.sign_in(network, "bob", "city")
        (notice,) = bob.gateway.get("/api/notifications")["notifications"]
        step.expect(notice["id"] == opened["id"], "another opening is told")
        step.saw(f"opened by two people of {notice['member']}, found {notice['finding']}")


def _proposed(cast: Cast, first: Person, second: Person) -> dict[str, Any]:
    did = addresses.did(cast.network.people["bob"], cast.network.ledger.chain_id)
    pair = {"first": first.wallet.address, "second": second.wallet.address}
    return first.gateway.post(f"{OPENINGS}/proposals", {"patient": did, "seconds": SECONDS} | pair)


def _open(proposed: dict[str, Any], first: Person, second: Person) -> dict[str, Any]:
    signatures = [fields.to_hex(one.wallet.sign_typed(proposed["typedData"])) for one in (first, second)]
    body = {"firstSignature": signatures[0], "secondSignature": signatures[1]}
    return first.gateway.post(OPENINGS, {"opening": proposed["opening"]} | body)


def _read(who: Person, opened: dict[str, Any]) -> dict[str, Any]:
    headers = {"X-Consentry-Opening": opened["id"]}
    return dict(json.loads(who.gateway.exchange("GET", _EVERYTHING, None, headers=headers).body))


def _nothing(who: Person, opened: dict[str, Any]) -> bool:
    try:
        _read(who, opened)
    except NoGround:
        return True
    return False


def _sign_at(who: Person, path: str) -> dict[str, Any]:
    typed = who.gateway.get(f"{OPENINGS}/{path}")["typedData"]
    body = {"signature": fields.to_hex(who.wallet.sign_typed(typed))}
    return who.gateway.post(f"{OPENINGS}/{path}", body)


def _reverted(opener: Person, opened: dict[str, Any]) -> str:
    try:
        _sign_at(opener, f"{opened['id']}/review/justified")
    except TransactionReverted as error:
        return error.diagnostics.partition("(")[0]
    raise StepDiffers("an opener reviewed the own opening")


def _told(step: Step, what: str, relayed: dict[str, Any]) -> None:
    step.transaction(what, relayed["transaction"], relayed["gasUsed"], relayed["block"])

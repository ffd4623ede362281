"""Two gateways, five keepers and the chain as processes of one machine: how many reads a second, and how fast a long record."""

from __future__ import annotations

from benchmarks.load import Load, Outcome, Read
from benchmarks.measuring import milliseconds, table
from benchmarks.scene import PROVISION, laboratory_bundle
from consentry.demo.actors import Hospital, Patient
from consentry.network.plan import LICENCE_YEARS
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet

GOAL = 80
COUNT, WARM, WORKERS = 1_200, 60, 8
LONG, LONG_COUNT = 100, 30
DOCTORS = {"mercy": "dr_mercy", "city": "dr_bose"}


def run(network: Network) -> None:
    """Start everything, publish, grant; read as fast as it goes, at half the goal, and a hundred records at once."""
    network.start(print)
    _enrol_doctor_of_mercy(network)
    short = [read for slug in ("alice", "bob") for read in _prepared(network, slug, 1)]
    long = _prepared(network, "chen", LONG)
    load = Load(network, short, WORKERS)
    load.closed(WARM)
    fastest, half = load.closed(COUNT), load.open(GOAL / 2, COUNT // 2)
    load.close()
    load = Load(network, long, 1)
    load.closed(4)
    lengthy = load.closed(LONG_COUNT)
    load.close()
    kinds = list(fastest.cpu)
    rows = [
        _row(f"as fast as {WORKERS} readers get answers", fastest, 1, kinds),
        _row(f"{GOAL // 2} reads a second", half, 1, kinds),
        _row(f"{LONG} records in one read", lengthy, LONG, kinds),
    ]
    header = ["load", "records a second", "p50 ms", "p95 ms", *(f"CPU ms a record: {kind}" for kind in kinds)]
    table(
        f"Two gateways, five keepers, chain (goals: ≥ {GOAL}/s; p95 ≤ 100 ms at {GOAL // 2}/s; {LONG} at once ≥ 1,000/s)",
        header,
        rows,
    )


def _row(name: str, outcome: Outcome, records: int, kinds: list[str]) -> list[str]:
    done = len(outcome.latencies) * records
    return [
        name,
        f"{outcome.rate * records:,.0f}",
        milliseconds(outcome.p(0.5)),
        milliseconds(outcome.p(0.95)),
        *(milliseconds(outcome.cpu[kind] / done, 2) for kind in kinds),
    ]


def _enrol_doctor_of_mercy(network: Network) -> None:
    doctor = network.people[DOCTORS["mercy"]] = network.place.new_wallet(DOCTORS["mercy"])
    ends = network.ledger.head().timestamp + LICENCE_YEARS * 365 * 86_400
    words = [word.encode("ascii").ljust(32, b"\0") for word in ("attending", "any")]
    network.sender_of("mercy").transact("MemberRegistry", "enrol", doctor, *words, ends)


def _prepared(network: Network, slug: str, records: int) -> list[Read]:
    """A patient with so many laboratory results from Mercy and a consent for each hospital; what each one reads."""
    wallet = Wallet(network.place.wallet_key(slug))
    Patient.sign_in(network, slug, "mercy").open_directory(network)
    refs = {member: Hospital(network, member).link(slug, wallet) for member in DOCTORS}
    Hospital(network, "mercy").publish(laboratory_bundle(2_000, records), refs["mercy"])
    return [_read(network, slug, member, ref, records) for member, ref in refs.items()]


def _read(network: Network, slug: str, member: str, ref: str, records: int) -> Read:
    hospital = Hospital(network, member)
    terms = {"roles": ["any"], "provisions": [PROVISION], "maxUses": 0}
    Patient.sign_in(network, slug, member).grant(hospital.propose(ref, terms, 1))
    key = (network.place.member(member) / "client.key").read_text("ascii").strip()
    headers = {
        "Authorization": f"Bearer {key}",
        "X-Consentry-Practitioner": network.people[DOCTORS[member]],
        "X-Consentry-Purpose": "TREAT",
    }
    return Read(f"{network.gateways[member]}/fhir/Patient/{ref}/$everything", headers, records)

"""Two hospitals, their patients, a clinician and three keepers in one process: real services, databases, store and
cryptography on a chain of dictionaries."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from consentry.crypto import hpke
from consentry.crypto.directory_keys import generate_directory_key, new_directory
from consentry.crypto.seeds import directory_public
from consentry.crypto.signatures import SessionKey, account_of, generate_account_key, sign_typed
from consentry.domain import sessions
from consentry.domain.addresses import Address
from consentry.domain.ledger import Chamber, CommitteeInfo, KeeperInfo, MemberInfo, MemberStatus, StaffInfo
from consentry.domain.provisions import Provision
from consentry.domain.requests import ConsentGround, SelfGround
from consentry.domain.sessions import PatientSession, Session, SessionCertificate, SessionKind
from consentry.domain.terms import Consent, Terms
from consentry.errors import ConsentryError
from consentry.index.entries import SqlIndex
from consentry.index.scanner import Scanner
from consentry.ports.keeper_values import Asked, KeeperFailure, OpenShare, SignedAsk
from consentry.remote.tally import Tally
from consentry.services.asking import Asking
from consentry.services.directory import attribute_value
from consentry.services.keeper_desk import Desk
from consentry.services.publish_ports import Author
from consentry.services.reading import ReadPorts
from consentry.services.release import release
from consentry.services.release_intake import ReleaseCommand, Signed
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.completeness.ledger import SharedLedger
from tests.app.keeper_cast import AUDIT, CHAIN_ID, NOW, REGISTRY, StoppedClock
from tests.app.keeper_world import made_desk

HOSPITALS = ("Mercy Hospital", "City Hospital")
PATIENTS = ("alice", "bob")
SEATS, THRESHOLD = 3, 2


class Network:
    """Everything that outlives an author's process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, StoppedClock()
        self.ledger = SharedLedger(CHAIN_ID, {"ConsentRegistry": REGISTRY, "AuditLog": AUDIT}, NOW)
        self.store = EmbeddedBlockStore(folder / "store")
        self.keys = {name: generate_account_key() for name in (*HOSPITALS, *PATIENTS, "dr_bose")}
        self.keepers = DirectKeepers([self._keeper(seat) for seat in range(SEATS)])
        self.committee = CommitteeInfo(1, THRESHOLD, _seats(self.keepers.desks))
        self.ledger.committees[1] = self.committee
        self.authors = {name: self._admitted(name) for name in HOSPITALS}
        bose, city = self.account("dr_bose"), self.account("City Hospital")
        self.ledger.latest.staff[bose] = StaffInfo(bose, city, "attending", "any", NOW + 10**6)
        for patient in PATIENTS:
            self.ledger.latest.acts_for.add((self.account(patient), self.account(patient)))
            # keepers know whoever changed the own identity in any way
            self.ledger.name_directory(self.account(patient), b"anything", "did/svc/Another")
        self.documents: dict[str, tuple[str, int]] = {}
        self.index, self.scan = self.new_index("index")

    def account(self, name: str) -> Address:
        return account_of(self.keys[name])

    def new_index(self, name: str) -> tuple[SqlIndex, Callable[[], bool]]:
        """An empty index, and what brings it to the chain's head however long that takes."""
        index = SqlIndex(self.folder / f"{name}.sqlite")
        scanner = Scanner(self.ledger, self.store, index)
        return index, lambda: scanner.scan(self.clock.now()).manifests_missing == 0

    def open_directory(self, patient: str) -> None:
        """The patient's first directory document, or the next one."""
        previous, version = self.documents.get(patient, (None, 0))
        made = new_directory(
            self.account(patient), CHAIN_ID, self.committee, version=version + 1, previous=previous
        )
        cid = self.store.put([made.document.to_bytes()]).cid
        self.ledger.name_directory(self.account(patient), attribute_value(cid))
        self.documents[patient] = (cid, version + 1)

    # --- readers ---

    def read_ports(self, index: SqlIndex, scan: Callable[[], bool]) -> ReadPorts:
        return ReadPorts(self.ledger, self.store, index, self.keepers, self.clock, scan)

    def own(self, patient: str) -> Asking:
        """The patient asks for the own records."""
        account, key = self.account(patient), SessionKey.generate()
        session = PatientSession(account, "City Hospital", key.public, NOW + 3600)
        signature = sign_typed(self.keys[patient], sessions.typed_data(session, CHAIN_ID))
        certificate = SessionCertificate(SessionKind.PATIENT, session, signature)
        return Asking(account, certificate, key, None, "PATRQT", SelfGround(account))

    def clinician(self, consent: Consent) -> Asking:
        """dr_bose asks under a consent."""
        key = SessionKey.generate()
        session = Session(self.account("dr_bose"), "City Hospital", "TREAT", key.public, NOW + 3600)
        signature = sign_typed(self.keys["dr_bose"], sessions.typed_data(session, CHAIN_ID))
        certificate = SessionCertificate(SessionKind.STAFF, session, signature)
        ground = ConsentGround(consent.grant(), consent.terms)
        return Asking(self.account("dr_bose"), certificate, key, None, "TREAT", ground)

    def consent(
        self, patient: str, categories: tuple[str, ...], most: str, authors: tuple[str, ...]
    ) -> Consent:
        """For City Hospital; granted by adding it to `ledger.granted`."""
        provision = Provision(("TREAT",), categories, most, "any", "any", authors, ("any",))
        city, salt = self.account("City Hospital"), secrets.token_bytes(32)
        terms = Terms("City Hospital", city, ("attending",), (provision,), 0, salt)
        return Consent(self.account(patient), terms, NOW - 3600, NOW + 86_400, NOW + 3600)

    # --- institutions ---

    def _keeper(self, seat: int) -> Desk:
        key = generate_account_key()
        self.ledger.latest.keepers.add(account_of(key))
        return made_desk(self, key, hpke.generate_seed(), f"keeper-{seat}")

    def _admitted(self, name: str) -> Author:
        account, key = self.account(name), generate_directory_key()
        member = MemberInfo(account, name, "hospital", MemberStatus.Active, 1, (directory_public(key),))
        self.ledger.all_members.append(member)
        self.ledger.by_name[name] = member
        self.ledger.latest.active.add(account)
        copy_key = hpke.public_key(hpke.generate_seed())
        return Author(account, key, copy_key, secrets.token_bytes(32))


class DirectKeepers:
    """Real desks, asked one after another without a wire between."""

    def __init__(self, desks: list[Desk]) -> None:
        self.desks = desks

    def ask(self, ask: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        tally = Tally(ask.items, len(committee.keepers), committee.threshold)
        for seat, desk in enumerate(self.desks):
            command = ReleaseCommand(Signed(ask.request, ask.signature), ask.shares[seat])
            try:
                answers = release(command, desk).items
            except ConsentryError as problem:
                tally.failed(KeeperFailure(seat, "here", problem.code, problem.diagnostics))
                continue
            for item, answer in enumerate(answers):
                if answer.sealed is None:
                    tally.refused(item, seat)
                else:
                    tally.opened(item, seat, open_share(item, seat, answer.sealed))
            if tally.settled:
                break
        return tally.result()


def _seats(desks: list[Desk]) -> tuple[KeeperInfo, ...]:
    return tuple(
        KeeperInfo(
            seat,
            desk.account,
            desk.account,
            Chamber.Institutions,
            "http://127.0.0.1:9",
            hpke.public_key(desk.sealing_seed),
        )
        for seat, desk in enumerate(desks)
    )

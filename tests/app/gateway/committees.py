"""A world whose committee changes: keepers are replaced, by ones that answer or by ones that nobody has ever heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkzeug.serving import BaseWSGIServer

from consentry.crypto import hpke
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.ledger import CommitteeInfo
from consentry.index.author import SqlPublications
from consentry.index.own_records import SqlOwnRecords
from consentry.network.processes import free_port
from consentry.services.reseal import Resealed, ResealPorts, reseal
from tests.app.gateway.people import Hospital
from tests.app.gateway.world import World


@dataclass
class ChangingWorld(World):
    """`seeds` by account: what whoever takes a seat over gets."""

    seeds: dict[str, bytes] = field(default_factory=dict)

    def keeper(self, account: bytes, seed: bytes, *taken_over: bytes) -> BaseWSGIServer:
        self.seeds[account_of(account)] = seed
        return super().keeper(account, seed, *taken_over)

    @property
    def committee(self) -> CommitteeInfo:
        found = self.ledger.committee()
        assert found is not None
        return found

    def replace_keepers(self, *seats: int, silent: bool = False) -> None:
        """The next version: their members run other keepers, which took the seats over, or do not answer at all."""
        before, keepers, running = self.committee, [], len(self.committers)
        for one in before.keepers:
            account, url, key = one.account, one.url, one.sealing_key
            if one.seat in seats:
                secret, seed = generate_account_key(), hpke.generate_seed()
                account, key = account_of(secret), hpke.public_key(seed)
                if silent:
                    url = f"http://127.0.0.1:{free_port()}"
                else:
                    known = self.seeds.get(one.account)
                    server = self.keeper(secret, seed, *(() if known is None else (known,)))
                    url = f"http://127.0.0.1:{server.server_port}"
            keepers.append((account, one.member, int(one.chamber), url, key))
        self.consortium.transact("KeeperCommittee", "publish", keepers, before.threshold)
        for committer in self.committers[running:]:
            committer.start()


def reseal_ports(hospital: Hospital) -> ResealPorts:
    publishing = hospital.gateway.publishing
    assert isinstance(publishing.publications, SqlPublications)
    return ResealPorts(publishing, SqlOwnRecords(publishing.publications.database))


def resealed(hospital: Hospital, ports: ResealPorts | None = None) -> Resealed:
    """A run with the author's offline copy key."""
    return reseal(hospital.keys["copy"], hospital.gateway.author, ports or reseal_ports(hospital))

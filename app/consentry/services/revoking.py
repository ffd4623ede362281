"""The patient's client shows a signed revocation to every keeper itself, and checks what each says (specification K-17, L-23).

A gateway relays it as well; but whoever would rather not, or is down, delays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from consentry.crypto.signatures import recover
from consentry.domain.ledger import KeeperInfo
from consentry.domain.revocation import Acknowledgement, SignedRevocation
from consentry.errors import ConsentryError, KeeperMisbehaved
from consentry.ports import Keepers
from consentry.ports.keeper_values import KeeperFailure, SignedAcknowledgement
from consentry.telemetry.request_id import Threads

_AT_ONCE = 16


@dataclass(frozen=True)
class Told:
    """Who acknowledged, checked, and who failed and why; both by seat."""

    acknowledged: tuple[Acknowledgement, ...]
    failures: tuple[KeeperFailure, ...]

    @property
    def asked(self) -> int:
        return len(self.acknowledged) + len(self.failures)

    def suffices(self, threshold: int) -> bool:
        """Whether those who have not acknowledged are too few to open anything under it."""
        return len(self.failures) < threshold


def tell_keepers(
    revocation: SignedRevocation, keepers: Sequence[KeeperInfo], chain_id: int, port: Keepers
) -> Told:
    """Show it to all of them at once. Raises nothing: who does not acknowledge is named."""

    def tell(keeper: KeeperInfo) -> Acknowledgement | KeeperFailure:
        try:
            return _checked(port.revoke(keeper, revocation), revocation, keeper, chain_id)
        except ConsentryError as problem:
            host = urlsplit(keeper.url).netloc
            return KeeperFailure(keeper.seat, host, problem.code, problem.diagnostics)

    with Threads(_AT_ONCE, thread_name_prefix="revoking") as threads:
        outcomes = list(threads.map(tell, keepers))
    return Told(
        tuple(one for one in outcomes if isinstance(one, Acknowledgement)),
        tuple(one for one in outcomes if isinstance(one, KeeperFailure)),
    )


def _checked(
    signed: SignedAcknowledgement, revocation: SignedRevocation, keeper: KeeperInfo, chain_id: int
) -> Acknowledgement:
    """Raises KeeperMisbehaved unless this keeper says it of this revocation; LayoutInvalid, SignatureInvalid."""
    said = Acknowledgement.parse(signed.body)
    about = (said.chain_id, said.patient, said.consent_id)
    if about != (chain_id, revocation.patient, revocation.consent_id) or said.keeper != keeper.account:
        raise KeeperMisbehaved("it acknowledged something else")
    if recover(said.signing_digest(), signed.signature) != keeper.account:
        raise KeeperMisbehaved("another account signed its acknowledgement")
    return said

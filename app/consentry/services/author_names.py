"""Authors in what somebody signs are members by their registered names: any other permits nothing (C-20, W-45, W-56, W-85)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consentry.domain.ledger import MemberInfo
from consentry.domain.provisions import ANY, Provision
from consentry.errors import TermsInvalid


def require_registered(provisions: Sequence[Provision], within: str, members: Iterable[MemberInfo]) -> None:
    """Raises TermsInvalid naming the field; `within` is where the provisions stand."""
    registered = {member.name for member in members} | {ANY}
    for index, provision in enumerate(provisions):
        if not registered.issuperset(provision.authors):
            where = f"{within}.provisions[{index}].authors"
            raise TermsInvalid(f"{where}: must be registered names of members", expression=(where,))

"""View calls about break-glass openings, encoded. The subject is shown in calls only, which leave no trace (E-2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consentry.chain.calls import CallEncoder, asker_tuple, facts_tuple, reasons
from consentry.domain.grounds import Reason
from consentry.domain.ledger import Asker, ContractCall, RecordFacts
from consentry.domain.openings import Opening

_CONTRACT = "EmergencyAccess"


class OpeningCallEncoder(CallEncoder):
    """The questions of the LedgerCalls port, those about openings included."""

    def permit_opening_many_call(
        self, opening: Opening, asker: Asker, records: Sequence[RecordFacts]
    ) -> ContractCall[tuple[Reason, ...]]:
        count, facts = len(records), [facts_tuple(one) for one in records]
        return self.call(
            _CONTRACT, "permitsMany", _ask(opening, asker), facts, read=lambda codes: reasons(codes, count)
        )

    def permit_opening_directory_call(
        self, opening: Opening, asker: Asker, category: str
    ) -> ContractCall[Reason]:
        return self.call(_CONTRACT, "permitsDirectory", _ask(opening, asker), category, read=Reason)


def _ask(opening: Opening, asker: Asker) -> tuple[Any, ...]:
    """`IEmergencyAccess.Ask`: subject and declaration, whose hash of the subject is recomputed here."""
    subject = (opening.subject.patient, opening.subject.salt)
    return (subject, opening.declaration().arguments, asker_tuple(asker))

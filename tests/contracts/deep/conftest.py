"""What the deep parts share with the quick ones."""

from tests.contracts.consent.courtroom import court as court

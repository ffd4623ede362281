"""How strict a record is: the order of HL7 v3 Confidentiality, N < R < V (specification C-10)."""

from __future__ import annotations

from consentry.domain.categories import Confidentiality as Confidentiality


def rank(confidentiality: Confidentiality) -> int:
    """1 for N, 2 for R, 3 for V, as MemberRegistry numbers ceilings."""
    return "NRV".index(confidentiality) + 1


def covers(most: Confidentiality, confidentiality: Confidentiality) -> bool:
    """Whether what is allowed up to `most` includes `confidentiality`."""
    return rank(confidentiality) <= rank(most)

"""Erasing records."""

from __future__ import annotations

from consentry.errors.base import RefusedError


class ErasureBlocked(RefusedError):
    code = "erasure-blocked"
    status = 409
    next_step = "Tell the patient until when and why; retract the record if nobody is to read it until then."
    summary = "The law keeps this record for some time yet."


class ErasureRefused(RefusedError):
    code = "erasure-refused"
    status = 409
    next_step = "Retract the record first, wait until the chain shows it, and name only its own entries."
    summary = "These entries may not be erased on this word."

"""Envelopes, shares and byte layouts."""

from __future__ import annotations

from consentry.errors.base import InputError, IntegrityError


class EnvelopeCorrupt(IntegrityError):
    code = "envelope-corrupt"
    summary = "The ciphertext fails its authentication."


class KeyCommitmentMismatch(IntegrityError):
    code = "key-commitment-mismatch"
    next_step = "The author sealed another key than it committed to: tell the author."
    summary = "The combined key is not the one the header commits to."


class ShareInvalid(IntegrityError):
    code = "share-invalid"
    summary = "A share does not match its hash in the sealing."


class SealInvalid(IntegrityError):
    code = "seal-invalid"
    summary = "A sealed value does not open with this key and context."


class LayoutInvalid(InputError):
    code = "layout-invalid"
    next_step = "The object was not written by Consentry or was altered: ask its author."
    summary = "An object does not have the byte layout that the specification gives."

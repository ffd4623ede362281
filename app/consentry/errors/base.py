"""Every failure that Consentry tells anybody about, as one tree.

    ConsentryError
    ├── InputError        the caller sent something that cannot be accepted      (4xx, exit 2)
    ├── RefusedError      the rules say no                                       (401/403, exit 3)
    ├── IntegrityError    bytes are not what the chain or their digest says      (502, exit 4)
    └── UnavailableError  a part that is needed does not answer or lags behind   (503, exit 5)

One class per cause. `code` is the slug in `docs/errors.md`, in FHIR OperationOutcomes, in problem+json and in `--json`
output. `next_step` says what to do. Messages never hold a key, a patient identifier, a purpose or clinical content.
"""

from __future__ import annotations

from typing import ClassVar


class ConsentryError(Exception):
    """Root of the tree. `diagnostics` is safe to show to the caller."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    next_step: ClassVar[str] = "Report this with the request id."
    summary: ClassVar[str] = "Something failed inside Consentry."

    def __init__(self, diagnostics: str = "", *, expression: tuple[str, ...] = ()) -> None:
        super().__init__(diagnostics or self.summary)
        self.diagnostics = diagnostics or self.summary
        self.expression = expression


class InputError(ConsentryError):
    code = "input-invalid"
    status = 400
    exit_code = 2
    next_step = "Correct the input and send it again."
    summary = "The input cannot be accepted."


class RefusedError(ConsentryError):
    code = "refused"
    status = 403
    exit_code = 3
    next_step = "Ask the patient for a consent that covers the request."
    summary = "The rules do not allow this."


class IntegrityError(ConsentryError):
    code = "integrity"
    status = 502
    exit_code = 4
    next_step = "Do not use the data; tell the operator which object is named here."
    summary = "Bytes do not match their fingerprint."


class UnavailableError(ConsentryError):
    code = "unavailable"
    status = 503
    exit_code = 5
    next_step = "Try again; if it stays, look at `consentry status`."
    summary = "A part that is needed does not answer."

"""Requests, keepers, directories, receipts."""

from __future__ import annotations

from consentry.errors.base import InputError, IntegrityError, RefusedError, UnavailableError


class NoGround(RefusedError):
    """The one answer to every actor without a live ground, whether or not anything exists."""

    code = "no-ground"
    summary = "There is no ground for this request."


class RequestStale(RefusedError):
    code = "request-stale"
    status = 401
    next_step = "Check this machine's clock and sign the request again."
    summary = "The request is older than a minute or from the future."


class SignatureInvalid(RefusedError):
    code = "signature-invalid"
    status = 401
    next_step = "Sign with the key that the certificate or the chain names."
    summary = "The signature does not belong to who the request names."


class ConsentNotGranted(InputError):
    code = "consent-not-granted"
    status = 404
    next_step = (
        "Keepers keep revocations of what is granted; cancel a signature in flight on the chain directly."
    )
    summary = "The chain knows no consent or mandate of this patient under this id."


class SessionRevoked(RefusedError):
    code = "session-revoked"
    status = 401
    next_step = "Sign in again and open a new session."
    summary = "This session was ended by who opened it."


class ActorUnknown(RefusedError):
    code = "actor-unknown"
    status = 401
    next_step = "Have the member enrol this person or system account."
    summary = "Only enrolled staff, patients and their representatives are answered."


class RateLimited(RefusedError):
    """`seconds`: when to ask again, at least 1."""

    seconds: int = 1

    code = "rate-limited"
    status = 429
    next_step = "Ask again after the time that Retry-After names; put many items into one request."
    summary = "This account asks more often than is answered."

    def __init__(self, diagnostics: str = "", *, seconds: int = 1) -> None:
        super().__init__(diagnostics)
        self.seconds = seconds


class KeeperWithoutStanding(UnavailableError):
    code = "keeper-without-standing"
    next_step = "Ask the other keepers; the keeper serves again once its member is reinstated."
    summary = "The keeper's member is not active, or the keeper has no seat."


class KeeperKeyMissing(UnavailableError):
    """By the chain the seat is this keeper's; that it cannot open its shares is no refusal."""

    code = "keeper-key-missing"
    next_step = (
        "Ask the other keepers; this one's operator takes the seat's key over (`consentry keeper take-over`)."
    )
    summary = "The keeper holds this seat, but not yet the key that its shares were sealed to."


class HandOverEmpty(InputError):
    code = "hand-over-empty"
    status = 409
    next_step = "Have the next committee published first, with the successor in this keeper's seat; then wait until it is final."
    summary = "No seat that was this keeper's is another one's now."


class HandOverInvalid(IntegrityError):
    code = "hand-over-invalid"
    status = 409
    next_step = "Ask the outgoing keeper for the file of `consentry keeper hand-over` again."
    summary = "The file passes no key on that this keeper may take over."


class KeepersInsufficient(UnavailableError):
    code = "keepers-insufficient"
    next_step = "Wait for keepers to come back (`consentry keeper status`); nothing is lost."
    summary = "Fewer keepers answered than the threshold."


class KeeperUnreachable(UnavailableError):
    code = "keeper-unreachable"
    next_step = "Check that the named keeper runs and that its address is right; others may answer meanwhile."
    summary = "A keeper does not answer."


class KeeperUntrusted(KeeperUnreachable):
    code = "keeper-untrusted"
    next_step = "Compare the certificates on both sides with the authority in `serving.tls`: issuer, name and last day."
    summary = "A keeper's certificate, or ours there, is not to be trusted."


class KeeperBehindChain(UnavailableError):
    code = "keeper-behind-chain"
    next_step = (
        "Stop the keeper, restore its newest database file and start it again: this one is not the one that the chain fixes. "
        "If there is none, have the consortium give the seat to another account; this one cannot go on."
    )
    summary = "The keeper's receipts are not those that it committed to the chain."


class KeeperMisbehaved(IntegrityError):
    code = "keeper-misbehaved"
    next_step = "Tell the operator of the named keeper; reading goes on with the others."
    summary = "A keeper answered something that is not an answer."


class DirectoryNotOpen(InputError):
    code = "directory-not-open"
    status = 409
    next_step = "Ask the patient to open the directory once (`consentry wallet open-directory`, or the page)."
    summary = "This patient has no directory yet."


class IndexBehind(UnavailableError):
    code = "index-behind"
    next_step = "Wait for the index to catch up; the answer may lack the newest records."
    summary = "The local index has not reached the chain's head."


class EntryCrowded(UnavailableError):
    """Said of an answer that lacks something, like IndexBehind."""

    code = "entry-crowded"
    next_step = (
        "Ask the named author why it files so much under one tag; the oldest 64 entries were looked at."
    )
    summary = "An author filed more under one tag than a reader looks at."


class EntryMismatch(IntegrityError):
    """Said of an answer that lacks something."""

    code = "entry-mismatch"
    next_step = "Tell the named author; its other records, and everybody else's, are read."
    summary = "An entry is not what its author anchored."


class RecordAmbiguous(IntegrityError):
    """Said of an answer that lacks something."""

    code = "record-ambiguous"
    next_step = "Tell the named author; its other records, and everybody else's, are read."
    summary = "An author filed different records under one record id: both are left out."


class RecordUnknown(InputError):
    code = "record-unknown"
    status = 404
    next_step = "Name the id that publishing answered with; `consentry publish` shows those of what it finds published."
    summary = "This hospital published no such record about this patient."


class RecordReplaced(InputError):
    code = "record-replaced"
    status = 409
    next_step = "Read with `--history` to see the versions, and name the one that is current."
    summary = "A record that is to be replaced is not the current version any more."


class PatientNotLinked(InputError):
    code = "patient-not-linked"
    status = 404
    next_step = "Link the patient's number to a DID at the desk (`consentry patient link`)."
    summary = "No patient is linked under this number."


class TermsInvalid(InputError):
    code = "terms-invalid"
    status = 422
    next_step = "Correct the named field; lists are never empty, times are YYYY-MM-DDThh:mm:ssZ."
    summary = "The terms cannot be signed as they are."


class ProofInvalid(IntegrityError):
    code = "proof-invalid"
    summary = "The receipt does not prove against the chain."


class AccountIncomplete(UnavailableError):
    """Said of an account in which nothing is false."""

    code = "account-incomplete"
    next_step = (
        "Export the account again (`consentry receipts --export FILE`) once the named keepers answer; "
        "receipts get on chain within minutes."
    )
    summary = "Nothing in the account is false, but it does not hold all there is."

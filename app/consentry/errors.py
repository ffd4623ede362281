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


class ConfigInvalid(InputError):
    code = "config-invalid"
    next_step = "Correct the named setting in the configuration file."
    summary = "A setting is missing or malformed."


# --- storage -----------------------------------------------------------------------------------------------------------


class CidInvalid(InputError):
    code = "cid-invalid"
    next_step = "Use a CIDv1 in base32 with sha2-256, as Consentry writes them."
    summary = "Not a content id that Consentry uses."


class BlobMissing(UnavailableError):
    code = "blob-missing"
    next_step = "Check that the store is connected to the members' network, then try again."
    summary = "The store does not have this content id."


class BlobCorrupt(IntegrityError):
    code = "blob-corrupt"
    next_step = "Repair the named block from another member's store; the record itself is unharmed there."
    summary = "A stored block does not hash to its content id."


class BlobTooLarge(InputError):
    code = "blob-too-large"
    status = 413
    next_step = "Raise the limit in the settings only if the content is expected to be this large."
    summary = "The content is larger than allowed here."


class StoreUnreachable(UnavailableError):
    code = "store-unreachable"
    next_step = "Start the store (`consentry up`, or the Kubo daemon) and check its address."
    summary = "The content store does not answer."


# --- chain -------------------------------------------------------------------------------------------------------------


class ChainUnreachable(UnavailableError):
    code = "chain-unreachable"
    next_step = "Start the chain node or correct its JSON-RPC address (CONSENTRY_RPC)."
    summary = "The chain node does not answer."


class ChainWrong(UnavailableError):
    code = "chain-wrong"
    next_step = "Point the process to the chain that the deployment file names."
    summary = "The node serves another chain than the deployment."


class ChainStale(UnavailableError):
    code = "chain-stale"
    next_step = "Wait until the node has caught up; check its peers and the machine's clock."
    summary = "The node's view of the chain is too old to decide on."


class TransactionReverted(RefusedError):
    """A contract refused. `name` is the Solidity custom error, `arguments` its decoded values."""

    code = "transaction-reverted"
    status = 409
    next_step = "Look the named condition up in docs/errors.md."
    summary = "A contract refused the transaction."

    def __init__(self, name: str, arguments: tuple[object, ...] = ()) -> None:
        shown = ", ".join(
            "0x" + value.hex() if isinstance(value, bytes) else str(value) for value in arguments
        )
        super().__init__(f"{name}({shown})")
        self.name = name
        self.arguments = arguments


class DeploymentMissing(UnavailableError):
    code = "deployment-missing"
    next_step = "Run `consentry up`, or `brownie run deploy` for your network."
    summary = "No deployment file for this chain."


class DeploymentFailed(UnavailableError):
    code = "deployment-failed"
    next_step = "Read the deployment's log; repeat the command once the cause is gone: it continues."
    summary = "The contracts could not be deployed."


class ProcessFailed(UnavailableError):
    code = "process-failed"
    next_step = "Read the log file that is named here."
    summary = "A process of the network did not start."


# --- keys --------------------------------------------------------------------------------------------------------------


class KeystoreLocked(RefusedError):
    code = "keystore-locked"
    status = 401
    next_step = "Give the right passphrase by CONSENTRY_PASSPHRASE_FILE or CONSENTRY_PASSPHRASE."
    summary = "The keystore does not open with this passphrase."


class KeystoreInvalid(InputError):
    code = "keystore-invalid"
    next_step = "Restore the keystore file from its backup."
    summary = "Not a keystore that Consentry can read."


# --- sealing -----------------------------------------------------------------------------------------------------------


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


# --- requests and release ----------------------------------------------------------------------------------------------


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


class ActorUnknown(RefusedError):
    code = "actor-unknown"
    status = 401
    next_step = "Have the member enrol this person or system account."
    summary = "Only enrolled staff, patients and their representatives are answered."


class KeepersInsufficient(UnavailableError):
    code = "keepers-insufficient"
    next_step = "Wait for keepers to come back (`consentry keeper status`); nothing is lost."
    summary = "Fewer keepers answered than the threshold."


class KeeperUnreachable(UnavailableError):
    code = "keeper-unreachable"
    next_step = "Check that the named keeper runs and that its address is right; others may answer meanwhile."
    summary = "A keeper does not answer."


class KeeperBehindChain(UnavailableError):
    code = "keeper-behind-chain"
    next_step = "Restore the keeper's newest database: the one it has lacks receipts that the chain fixes."
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


# --- FHIR --------------------------------------------------------------------------------------------------------------


class NotJson(InputError):
    code = "not-json"
    next_step = "Send UTF-8 encoded JSON as RFC 8259 defines it, every element named once."
    summary = "Not JSON that can be read without doubt."


class NotFhir(InputError):
    """`expression` names the elements (FHIRPath); their values are never repeated."""

    code = "not-fhir"
    status = 422
    next_step = "Correct the named elements; a FHIR R4 validator shows more."
    summary = "Not valid FHIR R4."


class BundleTypeUnsupported(InputError):
    code = "bundle-type-unsupported"
    status = 422
    next_step = "Send a collection, document, batch or transaction that only creates (POST, PUT)."
    summary = "A Bundle of this type cannot be published."


class BundleEmpty(InputError):
    code = "bundle-empty"
    status = 422
    next_step = "Send at least one clinical resource."
    summary = "The Bundle holds nothing to publish."


class BundleTooLarge(InputError):
    code = "bundle-too-large"
    status = 413
    next_step = "Send one visit, or fewer entries, at a time."
    summary = "The Bundle is larger than this gateway accepts."


class BundleNamesNoPatient(InputError):
    code = "bundle-names-no-patient"
    status = 422
    next_step = "Add the Patient resource or a reference to the patient."
    summary = "Nothing in the Bundle says whose data it is."


class BundleNamesTwoPatients(InputError):
    code = "bundle-names-two-patients"
    status = 422
    next_step = "Send one Bundle for each patient."
    summary = "The Bundle refers to more than one patient."


class SubjectNotPatient(InputError):
    code = "subject-not-patient"
    status = 422
    next_step = "Leave out resources about groups, devices or places."
    summary = "A resource is about something that is not a patient."


class ResourceTypeUnsupported(InputError):
    code = "resource-type-unsupported"
    status = 422
    next_step = (
        "Leave out the named entries; app/consentry/fhir/data/resource_types.json lists what is taken."
    )
    summary = "A resource of this type cannot be published."


class LevelCoreNotSupported(InputError):
    code = "level-core-not-supported"
    status = 422
    next_step = "Keep sequence data in your own store; publish its interpretation only."
    summary = "Level 4 data (for example a genome) never leaves its author."


class DateMissing(InputError):
    code = "date-missing"
    status = 422
    next_step = "Give the resource a clinical date, or the Bundle a timestamp."
    summary = "Nothing says when the named resource came about."


# --- gateway -----------------------------------------------------------------------------------------------------------


class NotSignedIn(RefusedError):
    code = "not-signed-in"
    status = 401
    next_step = "Sign in with the wallet, or send the client key as `Authorization: Bearer …`."
    summary = "Nobody this gateway knows is asking."


class ChallengeUnknown(RefusedError):
    """For sign-in, links and sessions alike: whether it was never made, was used or has ended is not told."""

    code = "challenge-unknown"
    status = 401
    next_step = "Ask for a new challenge and sign it within a few minutes."
    summary = "This challenge was not made here, was used already, or has ended."


class ReadingSessionMissing(RefusedError):
    code = "reading-session-missing"
    status = 401
    next_step = "Open a reading session: ask for its challenge, sign it with the wallet, send the signature."
    summary = "Reading needs a session that the person's wallet has signed."


class RoleUnfit(RefusedError):
    code = "role-unfit"
    next_step = "Sign in as the one that the message names."
    summary = "This is for another kind of caller."


class OriginForeign(RefusedError):
    code = "origin-foreign"
    next_step = (
        "Open the page under the gateway's public address; programs use a token instead of the cookie."
    )
    summary = "The request comes from a page that this gateway did not serve."


class ConsentUnknown(InputError):
    code = "consent-unknown"
    status = 404
    next_step = "List the consents; this gateway keeps those that were proposed here."
    summary = "This gateway does not hold such a consent."


class PatientAlreadyLinked(InputError):
    code = "patient-already-linked"
    status = 409
    next_step = "Unlink the number first if the person's DID has changed (`consentry patient unlink`)."
    summary = "This patient number is linked already."


class RouteUnknown(InputError):
    code = "route-unknown"
    status = 404
    next_step = "`/openapi.json` and `/fhir/metadata` list what there is."
    summary = "There is nothing at this address."


class MethodUnsupported(InputError):
    code = "method-unsupported"
    status = 405
    next_step = "`/openapi.json` and `/fhir/metadata` list what there is."
    summary = "This address does not take this method."


class MediaTypeUnsupported(InputError):
    code = "media-type-unsupported"
    status = 415
    next_step = "Send application/json, under /fhir application/fhir+json, in UTF-8."
    summary = "The body is of a type that is not taken here."


class BodyTooLarge(InputError):
    code = "body-too-large"
    status = 413
    next_step = "Send less at a time."
    summary = "The body is larger than what is taken here."


class HttpInvalid(InputError):
    code = "http-invalid"
    next_step = "Correct the request line, headers or body length."
    summary = "Not an HTTP request that can be answered."

"""A gateway's HTTP side."""

from __future__ import annotations

from consentry.errors.base import InputError, RefusedError, UnavailableError


class NotSignedIn(RefusedError):
    code = "not-signed-in"
    status = 401
    next_step = (
        "Sign in with the wallet, or send a new access token or the client key as `Authorization: Bearer …`."
    )
    summary = "Nobody this gateway knows is asking."


class SignInReplaced(RefusedError):
    """A page asks by the cookie that all tabs of its browser share, and names whom it means (W-80)."""

    code = "sign-in-replaced"
    status = 409
    next_step = "Sign in again in this tab; what was signed there is not lost."
    summary = "Somebody else has signed in in this browser since."


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


class RoleWritesNothing(RefusedError):
    """Enrolled and in force, but in another role."""

    code = "role-writes-nothing"
    next_step = "Ask a colleague whose role writes records, a doctor or a nurse for one, to do it."
    summary = "This is for staff whose role writes records."


class ScopeInsufficient(RefusedError):
    code = "scope-insufficient"
    next_step = "Ask for a token with a scope for it; the member registers what its systems may ask for."
    summary = "The access token does not cover this."


class MetricsClosed(RefusedError):
    code = "metrics-closed"
    next_step = (
        "Ask on the machine itself, or with the key whose SHA-256 the setting `metrics_key_digest` holds, as "
        "`Authorization: Bearer …`."
    )
    summary = "Metrics are for this member's operators."


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


class ConsentSigned(InputError):
    code = "consent-signed"
    status = 409
    next_step = "Revoke it: what the chain knows is not dropped."
    summary = "This consent was signed already."


class MandatesTooMany(RefusedError):
    code = "mandates-too-many"
    status = 409
    next_step = "End one of the mandates that this person holds, or wait until one has run out."
    summary = "This person holds as many mandates of this patient as are relayed here."


class MandateExceeded(InputError):
    code = "mandate-exceeded"
    status = 422
    next_step = "Ask for no more than the mandate allows; the named field goes beyond it. The patient can give a wider mandate."
    summary = "The consent allows more than the mandate does."


class MandateOver(RefusedError):
    """Never granted, ended, not begun or run out: the chain says which."""

    code = "mandate-over"
    status = 409
    next_step = (
        "Wait until it begins, if it has not; else ask the patient for a new one: "
        "under this one nothing is granted any more."
    )
    summary = "This mandate is not in force."


class MandateOther(RefusedError):
    code = "mandate-other"
    next_step = "Use the wallet account that the mandate names as representative."
    summary = "This mandate was given to another account."


class GuardiansUnknown(RefusedError):
    code = "guardians-unknown"
    next_step = (
        "Use the newest guardian letter that the patient gave you; named anew, guardians have a new one."
    )
    summary = "These are not the guardians whom the identity's controller named."


class RecipientUnreachable(UnavailableError):
    code = "recipient-unreachable"
    next_step = "Save the consent as a file and bring it to the recipient's own page, or try again later."
    summary = "The recipient's gateway did not take the terms, or is not known here."


class OpeningNotHeld(InputError):
    code = "opening-not-held"
    status = 404
    next_step = "Name the opening as `consentry emergency open` printed it; only the gateway that relayed it reads under it."
    summary = "This gateway relayed no such emergency opening."


class OpeningInForce(InputError):
    code = "opening-in-force"
    status = 409
    next_step = "Read with the opening that is named, or ask for another one in so many words (`--again`)."
    summary = "These two have this patient's emergency summary open already."


class MailOff(InputError):
    code = "mail-off"
    status = 409
    next_step = "Look at the notifications on the page; the hospital can set up a mail server (`mail` in the settings)."
    summary = "This gateway tells nobody by e-mail."


class MailUnsent(UnavailableError):
    code = "mail-unsent"
    next_step = "Check the address, and try again in some minutes."
    summary = "The mail server did not take the message."


class MailCodeWrong(InputError):
    code = "mail-code-wrong"
    status = 422
    next_step = "Type the six digits of the newest message; after five wrong ones ask for another."
    summary = "This is not the code that was sent."


class NewsUnknown(InputError):
    code = "news-unknown"
    status = 404
    next_step = "Ask for the notifications anew; what was settled meanwhile is not among them."
    summary = "There is no such notification for you."


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


class EpisodeNotNoted(InputError):
    code = "episode-not-noted"
    status = 404
    next_step = "Name the department as it was noted; an episode whose time is over needs no end."
    summary = "No episode of this person in this department is noted here."


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


class HeaderInvalid(InputError):
    code = "header-invalid"
    next_step = "Correct the named header; `/openapi.json` lists what each address takes."
    summary = "A header is missing or malformed."


class HttpInvalid(InputError):
    code = "http-invalid"
    next_step = "Correct the request line, headers or body length."
    summary = "Not an HTTP request that can be answered."


class PetitionUnknown(InputError):
    """Whether it never was, or was answered already, is not told."""

    code = "petition-unknown"
    status = 404
    next_step = "List what waits for an answer; each is answered once."
    summary = "No such request about a record waits here."


class PetitionNotDone(InputError):
    """To those who answer for records alone."""

    code = "petition-not-done"
    status = 409
    next_step = (
        "Publish the corrected version (`X-Consentry-Replaces` names the record), or run `consentry erase`, first; or decline "
        "with the reason."
    )
    summary = "The record stands as it was, so the patient is not told that it is done."


class PetitionsTooMany(RefusedError):
    code = "petitions-too-many"
    status = 429
    next_step = "Wait for the hospital's answers, or speak to its records office."
    summary = "As many requests of this patient wait here as are kept."

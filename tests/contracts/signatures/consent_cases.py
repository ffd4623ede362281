"""The signed functions of consents and mandates."""

from __future__ import annotations

from typing import Any

from tests.contracts.consents import Draft, Person, revocation, terms
from tests.contracts.mandates import MandateDraft, replacement, scope
from tests.contracts.signatures.shapes import DAY, OTHER, WALLET_OWNER, Ask, Case, World, controlled


def _draft(world: World, relay_before: int, **changes: Any) -> Draft:
    window = (world.now - DAY, world.now + 30 * DAY, relay_before)
    return Draft(world.alice.address, terms(world.recipient, **changes), *window)


def _refusals(world: World, draft: Draft) -> dict[str, Any]:
    consent_id = draft.consent_id(world.consents)
    return {
        "refused": ("ConsentSignatureInvalid", draft.patient, consent_id),
        "replayed": ("ConsentAlreadyKnown", consent_id, 1),
        "late": ("ConsentRelayTooLate", consent_id, draft.relay_before),
    }


def _grant(world: World, signatory: str) -> Ask:
    draft = _draft(world, world.deadline)
    grant = draft.grant(world.consents)
    return Ask(
        draft.typed(world.consents),
        world.consents.grantBySignature,
        lambda signature: (grant, signature),
        world.relayer,
        **_refusals(world, draft),
    )


def _grant_many(world: World, signatory: str) -> Ask:
    draft = _draft(world, world.deadline)
    grant = draft.grant(world.consents)
    return Ask(
        draft.typed(world.consents),
        world.consents.grantMany,
        lambda signature: ([grant], [signature]),
        world.relayer,
        **_refusals(world, draft),
    )


def _granted(world: World, signatory: str) -> None:
    """A consent that can be replaced."""
    old = _draft(world, world.now + DAY, maxUses=7)
    world.consents.grant(old.grant(world.consents), {"from": world.alice.account})
    controlled(world, signatory)


def _replace(world: World, signatory: str) -> Ask:
    old = _draft(world, world.now + DAY, maxUses=7).consent_id(world.consents)
    draft = _draft(world, world.deadline)
    grant = draft.grant(world.consents)
    return Ask(
        replacement(old, draft, world.consents),
        world.consents.replaceBySignature,
        lambda signature: (old, grant, signature),
        world.relayer,
        **_refusals(world, draft) | {"replayed": ("ConsentReplacedNotGranted", old, 2)},
    )


def _revoke(world: World, signatory: str) -> Ask:
    patient = world.alice.address
    return Ask(
        revocation(patient, OTHER, world.consents),
        world.consents.revokeBySignature,
        lambda signature: (patient, OTHER, signature),
        world.relayer,
        refused=("ConsentSignatureInvalid", patient, OTHER),
        replayed=("ConsentAlreadyRevoked", OTHER),
    )


def _mandate(world: World, representative: str, relay_before: int) -> MandateDraft:
    window = (world.now - 2 * DAY, world.now + 60 * DAY, relay_before)
    return MandateDraft(world.alice.address, representative, scope(), *window)


def _give_mandate(world: World, signatory: str) -> Ask:
    mandate = _mandate(world, world.relayer.address, world.deadline)
    carried, mandate_id = mandate.carried(world.consents), mandate.mandate_id(world.consents)
    return Ask(
        mandate.typed(world.consents),
        world.consents.grantMandateBySignature,
        lambda signature: (carried, signature),
        world.relayer,
        refused=("MandateSignatureInvalid", mandate_id, signatory),
        replayed=("ConsentAlreadyKnown", mandate_id, 1),
        late=("ConsentRelayTooLate", mandate_id, mandate.relay_before),
    )


def _mandated(world: World, signatory: str) -> None:
    """The signatory has a mandate of alice's."""
    mandate = _mandate(world, signatory, world.now + DAY)
    world.consents.grantMandate(mandate.carried(world.consents), {"from": world.alice.account})


def _grant_under(world: World, signatory: str) -> Ask:
    mandate = _mandate(world, signatory, world.now + DAY)
    draft = _draft(world, world.deadline)
    grant, carried = draft.grant(world.consents), mandate.carried(world.consents)
    refused = ("MandateSignatureInvalid", mandate.mandate_id(world.consents), signatory)
    return Ask(
        draft.typed(world.consents),
        world.consents.grantUnderMandateBySignature,
        lambda signature: (grant, carried, signature),
        world.relayer,
        **_refusals(world, draft) | {"refused": refused},
    )


def _granted_under(world: World, signatory: str) -> None:
    """The signatory granted a consent under its mandate."""
    _mandated(world, signatory)
    key = world.alice if signatory == world.alice.address else Person.named(WALLET_OWNER)
    ask = _grant_under(world, signatory)
    ask.send(key.sign(ask.typed))


def _revoke_under(world: World, signatory: str) -> Ask:
    mandate = _mandate(world, signatory, world.now + DAY)
    consent_id = _draft(world, world.deadline).consent_id(world.consents)
    carried = mandate.carried(world.consents)
    return Ask(
        revocation(world.alice.address, consent_id, world.consents),
        world.consents.revokeUnderMandateBySignature,
        lambda signature: (consent_id, carried, signature),
        world.relayer,
        refused=("MandateSignatureInvalid", mandate.mandate_id(world.consents), signatory),
        replayed=("ConsentAlreadyRevoked", consent_id),
    )


def _case(function: str, *parts: Any, **options: Any) -> Case:
    return Case(f"ConsentRegistry.{function}", *parts, **options)


BY_PATIENT = {"by_representatives": True}
CASES = [
    _case("grantBySignature", controlled, _grant, "ConsentGranted", **BY_PATIENT),
    _case("grantMany", controlled, _grant_many, "ConsentGranted", **BY_PATIENT),
    _case("replaceBySignature", _granted, _replace, "ConsentGranted", **BY_PATIENT),
    _case("revokeBySignature", controlled, _revoke, "ConsentRevoked", expires=False, **BY_PATIENT),
    _case("grantMandateBySignature", controlled, _give_mandate, "MandateGranted"),
    _case("grantUnderMandateBySignature", _mandated, _grant_under, "ConsentGranted", survives_fork=False),
    _case(
        "revokeUnderMandateBySignature",
        _granted_under,
        _revoke_under,
        "ConsentRevoked",
        expires=False,
        survives_fork=False,
    ),
]

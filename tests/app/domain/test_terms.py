"""Terms as values: what they cover, what they say, what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain import fields
from consentry.domain.categories import Category
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role
from consentry.domain.terms import (
    Consent,
    Provision,
    Terms,
    consent_id,
    covers,
    in_words,
    terms_hash,
)
from consentry.errors import TermsInvalid
from tests.vectors import samples
from tests.vectors.samples import ALICE, AUTHOR_NAME, CHAIN_ID, CONSENTS, NOW, filler

HEADER = samples.header()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"purposes": ("HRESCH",)}, False),
        ({"purposes": ("any",)}, True),
        ({"categories": ("medication",)}, False),
        ({"categories": ("any",)}, True),
        ({"authors": ("City Clinic",)}, False),
        ({"authors": ("any",)}, True),
        ({"records": (fields.to_hex(filler("record")),)}, True),
        ({"records": (fields.to_hex(filler("another")),)}, False),
        ({"data_from": HEADER.date}, True),
        ({"data_from": "2025-11-30T08:15:01Z"}, False),
        ({"data_until": HEADER.date}, False),
        ({"data_until": "2025-11-30T08:15:01Z"}, True),
        ({"data_from": "any", "data_until": "any"}, True),
    ],
)
def test_covers_needs_every_field(changes: dict[str, Any], *, expected: bool) -> None:
    """C-9, C-10: dates are start-inclusive and end-exclusive."""
    assert covers(samples.provision(**changes), "TREAT", HEADER, AUTHOR_NAME) == expected


@pytest.mark.parametrize(("most", "covered"), [("N", "N"), ("R", "NR"), ("V", "NRV"), ("any", "NRV")])
def test_covers_what_is_at_most_as_strict(most: str, covered: str) -> None:
    """C-10: N < R < V."""
    for grade in "NRV":
        header = samples.header(confidentiality=grade)
        provision = samples.provision(confidentiality=most)
        assert covers(provision, "TREAT", header, AUTHOR_NAME) == (grade in covered)


LISTED = {
    "purposes": st.lists(st.sampled_from(list(Purpose)), min_size=1, max_size=4, unique=True),
    "categories": st.lists(st.sampled_from(list(Category)), min_size=1, max_size=4, unique=True),
    "authors": st.lists(
        st.sampled_from(["Mercy Hospital", "市立诊所", "Labor Süd"]), min_size=1, unique=True
    ),
    "records": st.lists(
        st.binary(min_size=32, max_size=32).map(fields.to_hex), min_size=1, unique=True, max_size=3
    ),
}
PROVISIONS = st.builds(
    Provision,
    confidentiality=st.sampled_from(["N", "R", "V", "any"]),
    data_from=st.sampled_from(["any", "2020-02-29T00:00:00Z"]),
    data_until=st.sampled_from(["any", "2030-12-31T23:59:59Z"]),
    **{
        name: st.just(("any",)) | values.map(lambda one: tuple(map(str, one)))
        for name, values in LISTED.items()
    },
)
TERMS = st.builds(
    Terms,
    recipient_name=st.just("City Clinic"),
    recipient=st.just(samples.CITY),
    roles=st.just(("any",))
    | st.lists(st.sampled_from([str(r) for r in Role]), min_size=1, unique=True).map(tuple),
    provisions=st.lists(PROVISIONS, min_size=1, max_size=3).map(tuple),
    max_uses=st.integers(0, 2**32 - 1),
    salt=st.binary(min_size=32, max_size=32).filter(any),
)


@given(terms=TERMS)
@settings(max_examples=60, deadline=None)
def test_valid_terms_are_read_back_and_said_in_words(terms: Terms) -> None:
    """C-1, C-11: every list that is not "any" shows all of its words."""
    consent = samples.consent(terms)
    assert Consent.from_json(consent.to_json()) == consent
    for language in ("en", "zh"):
        lines = in_words(consent, language)
        text = "\n".join(lines)
        assert terms.recipient_name in text and terms.recipient in text
        for provision in terms.provisions:
            for values in (provision.authors, provision.records):
                assert values == ("any",) or all(value in text for value in values)
        assert not any(code in text for code in ("TREAT", "HPAYMT", "HRESCH", "substance", "{", "any,"))


@given(terms=TERMS, salt=st.binary(min_size=32, max_size=32).filter(any))
@settings(max_examples=30, deadline=None)
def test_the_salt_hides_the_terms(terms: Terms, salt: bytes) -> None:
    """C-7: the same terms under another salt have another hash."""
    assert (terms_hash(terms) == terms_hash(replace(terms, salt=salt))) == (terms.salt == salt)


def test_consent_id_binds_every_part() -> None:
    """C-1, C-2."""
    consent = samples.consent()
    ids = {
        consent_id(consent, CHAIN_ID, CONSENTS),
        consent_id(consent, 1, CONSENTS),
        consent_id(consent, CHAIN_ID, samples.CITY),
        consent_id(replace(consent, patient=samples.CITY), CHAIN_ID, CONSENTS),
        consent_id(replace(consent, valid_from=NOW + 1), CHAIN_ID, CONSENTS),
        consent_id(replace(consent, valid_until=consent.valid_until + 1), CHAIN_ID, CONSENTS),
        consent_id(replace(consent, relay_before=NOW + 1), CHAIN_ID, CONSENTS),
        consent_id(samples.consent(samples.terms(max_uses=1)), CHAIN_ID, CONSENTS),
    }
    assert len(ids) == 8


def test_grant_carries_hash_and_times_only() -> None:
    """C-7."""
    consent = samples.consent()
    grant = consent.grant()
    assert grant.terms_hash == terms_hash(consent.terms)
    assert (grant.patient, grant.valid_from) == (ALICE, NOW)


@pytest.mark.parametrize("obj", [None, [], "terms", {}, {"patient": ALICE}])
def test_from_json_refuses_other_shapes(obj: Any) -> None:
    """C-11."""
    with pytest.raises(TermsInvalid):
        Consent.from_json(obj)
    with pytest.raises(TermsInvalid):
        Terms.from_json(obj)


def test_terms_made_by_code_are_checked_as_well() -> None:
    """C-11: an invalid value never exists."""
    with pytest.raises(TermsInvalid, match="salt"):
        samples.terms(salt="0x00")
    with pytest.raises(TermsInvalid, match="provisions"):
        samples.terms(provisions=())
    with pytest.raises(TermsInvalid, match="recipientName"):
        samples.terms(recipient_name="any")
    with pytest.raises(TermsInvalid, match="validFrom"):
        Consent(ALICE, samples.terms(), -1, 5, 5)
    with pytest.raises(TermsInvalid, match="authors"):
        samples.terms(samples.provision(authors=(5,)))


def test_errors_name_the_field_and_not_its_value() -> None:
    """P-1: what somebody typed may be about a patient."""
    with pytest.raises(TermsInvalid) as refused:
        samples.terms(samples.provision(purposes=("because she is ill",)))
    assert "ill" not in refused.value.diagnostics
    assert refused.value.expression == ("terms.provisions[0].purposes",)


def test_in_words_refuses_a_language_it_does_not_speak() -> None:
    """C-11."""
    with pytest.raises(TermsInvalid, match="language"):
        in_words(samples.consent(), "tlh")


def test_terms_refuse_more_than_a_wallet_can_show() -> None:
    """C-11: 16 KiB of canonical JSON; keepers encode no more than that for whoever asks."""
    ids = [fields.to_hex(filler(f"record {number}")) for number in range(400)]
    fits = [samples.provision(records=tuple(ids[at : at + 90])) for at in (0, 90)]
    assert len(samples.terms(provisions=tuple(fits)).provisions) == 2
    with pytest.raises(TermsInvalid, match="terms: must be at most 16384 bytes"):
        samples.terms(provisions=(*fits, samples.provision(records=tuple(ids[200:300]))))

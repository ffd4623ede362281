"""`consentry consortium` on a chain on which members decide (V-11, V-14, V-15, M-1, M-2)."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from consentry.crypto import hpke
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.ledger import Chamber
from tests.app.cli.conftest import Run
from tests.app.cli.voting import WHY, decided
from tests.app.governed import SEATS, Governed


def admission(name: str = "") -> tuple[str, ...]:
    account = account_of(generate_account_key())
    return (account, "--name", name or f"Lakeside {account[2:10]}", "--kind", "hospital", *WHY)


def test_members_are_admitted_suspended_reinstated_and_expelled_by_vote(
    chain: Any, governed: Governed
) -> None:
    """M-1, M-2, V-11: no key alone does; `member admit` and its like propose."""
    asked = admission()
    proposal = decided(chain, governed, "member", "admit", *asked, "--chamber", "institutions")
    member, name = asked[0], asked[2]
    assert chain("member", "show", name).json["status"] == "Active"
    assert member in [one["address"] for one in chain("member", "list").json["members"]]
    shown = chain("consortium", "show", proposal).json
    assert shown["state"] == "Executed" and name in shown["does"][0]
    assert shown["votes"]["Institutions"] == {
        "for": 2, "against": 0, "abstain": 0, "seats": 2, "carries": True
    }  # fmt: skip
    again = chain("member", "admit", *asked, "--chamber", "institutions", by="city")
    assert (again.code, again.error) == (3, "proposal-repeated")
    for step, status in (("suspend", "Suspended"), ("reinstate", "Active"), ("expel", "Expelled")):
        decided(chain, governed, "consortium", "propose", step, name, *WHY)
        assert chain("member", "show", member).json["status"] == status
    assert governed.assembly.chamber_of(member) is None  # type: ignore[arg-type]


def test_parameters_are_changed_by_vote(chain: Any, governed: Governed, tmp_path: Path) -> None:
    """V-11: ceilings, emergency limits, a registry, a committee."""
    propose = ("consortium", "propose")
    decided(chain, governed, *propose, "ceiling", "nurse", "--most", "N", "--current-episode", *WHY)
    ceiling = governed.ledger.ceiling("nurse")
    assert (ceiling.confidentiality, ceiling.own_department_only, ceiling.current_episode_only) == (
        1,
        False,
        True,
    )
    keepers = [
        {
            "account": account_of(generate_account_key()),
            "member": {"address": governed.sender(slug).address},
            "chamber": Chamber(chamber).name,
            "url": f"https://{slug}.example",
            "sealingKey": base64.b64encode(hpke.public_key(hpke.generate_seed())).decode(),
        }
        for slug, chamber in SEATS.items()
    ]
    file = tmp_path / "committee.json"
    file.write_text(json.dumps({"keepers": keepers, "threshold": 3}), "utf-8")
    decided(chain, governed, *propose, "committee", file, *WHY)
    committee = governed.ledger.committee()
    assert committee is not None and [one.url for one in committee.keepers] == [one["url"] for one in keepers]
    registry = governed.ledger.address_of("AuditLog")
    made = chain(
        *propose, "registry", registry, "--kind", "AuditLog", "--status", "closed", *WHY, by="council"
    )
    assert made.json["does"] == [f"Make {registry} a closed AuditLog."]
    limits = ("--longest", "7200", "--open", "2", "--review-within", "86400", "--overdue", "1")
    made = chain(*propose, "limits", *limits, *WHY, by="council")
    assert "120 minutes" in made.json["does"][0]
    listed = chain("consortium", "list").json["proposals"]
    assert [one["state"] for one in listed[:2]] == ["Pending", "Pending"] or listed[0]["state"] == "Pending"


def test_who_has_no_vote_is_told_so(chain: Any, governed: Governed) -> None:
    """V-15"""
    refused = chain("member", "admit", *admission(), by="stranger")
    assert (refused.code, refused.error) == (3, "member-without-vote")
    made = chain("consortium", "propose", "admit", *admission(), by="city").json["proposal"]
    governed.pass_time()
    against = chain("consortium", "vote", made, "against", "--reason", "Not yet", by="regulator")
    assert against.json["voted"] == "against"
    again = chain("consortium", "vote", made, "against", by="regulator")
    assert (again.code, again.json["voted"], again.json["transaction"]) == (0, "against", None)
    other = chain("consortium", "vote", made, "for", by="regulator")
    assert (other.code, other.error) == (3, "vote-final")
    early = chain("consortium", "execute", made, by="city")
    assert (early.code, early.error) == (3, "proposal-not-passed")
    unknown = chain("consortium", "show", "0x" + "00" * 32)
    assert (unknown.code, unknown.error) == (2, "proposal-unknown")


def test_what_the_contracts_would_refuse_is_not_proposed(chain: Any, governed: Governed) -> None:
    """V-15: a name that is taken, nobody's standing, a member that is not suspended."""
    before = governed.ledger.head().number
    taken = governed.ledger.members()[0].name
    for decision in (
        ("admit", *admission(taken)),
        ("suspend", "0x" + "ab" * 20, *WHY),
        ("reinstate", taken, *WHY),
        ("limits", "--longest", "0", "--open", "0", "--review-within", "0", "--overdue", "0", *WHY),
    ):
        ran = chain("consortium", "propose", *decision, by="mercy")
        assert (ran.code, ran.error) == (3, "proposal-would-fail"), ran.out
    assert governed.ledger.head().number == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("member", "admit", *admission("any")), "command-invalid"),
        (("member", "admit", *admission("a\u202eb")), "command-invalid"),
        (
            ("member", "admit", "0x" + "ab" * 20, "--name", "Lab", "--kind", "Big Lab", *WHY),
            "command-invalid",
        ),
        (("member", "suspend", "0x" + "aB" * 20, *WHY), "layout-invalid"),
        (("member", "suspend", "Nobody's Hospital", *WHY), "not-found"),
        (("consortium", "propose", "suspend", "0x" + "ab" * 20, "--reason", " "), "command-invalid"),
        (
            (
                "consortium",
                "propose",
                "limits",
                "--longest",
                "-1",
                "--open",
                "1",
                "--review-within",
                "1",
                "--overdue",
                "1",
                *WHY,
            ),
            "command-invalid",
        ),
        (("consortium", "propose", "committee", __file__, *WHY), "command-invalid"),
        (("consortium", "vote", "0x12", "for"), "command-invalid"),
        (("consortium", "vote", "latest", "for"), "command-invalid"),
        (("consortium", "vote", "0x1234", "for", "--reason", "a\nb"), "command-invalid"),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else value,
)
def test_bad_arguments_are_refused_before_any_transaction(
    chain: Any, governed: Governed, arguments: tuple[str, ...], code: str
) -> None:
    before = governed.ledger.head().number
    ran = chain(*arguments, by="mercy")
    assert (ran.code, ran.error) == (2, code)
    assert governed.ledger.head().number == before


def test_words_are_for_people(consentry: Run, governed: Governed, chain: Any, tmp_path: Path) -> None:
    """V-14: what is proposed, and how to vote for it, in words."""
    place = {"CONSENTRY_RPC": governed.chain.url, "CONSENTRY_DEPLOYMENT": str(governed.chain.deployment)}
    asked = admission()
    told = consentry("member", "admit", *asked, "--wallet", tmp_path / "mercy.keystore", **place)
    assert f"Admit {asked[0]} as “{asked[2]}” (hospital)." in told.out and "consortium vote 0x" in told.out
    governed.pass_time()
    listed = consentry("consortium", "list", **place)
    found = re.search(r"0x[0-9a-f]{16}", listed.out)
    assert found, listed.out
    named = found[0]
    shown = consentry("consortium", "show", named, **place)
    assert "Because: It treats our patients" in shown.out and "Institutions" in shown.out
    voted = consentry("consortium", "vote", named, "for", "--wallet", tmp_path / "mercy.keystore", **place)
    assert "Voted for. The proposal is Active." in voted.out

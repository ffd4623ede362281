"""Terms from options or a file: checked before anything is sent, with what would be taken instead (C-11)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.conftest import Ran, Run
from tests.app.cli.odd_server import OddServer, serving

TERMS: dict[str, Any] = {
    "roles": ["attending"],
    "provisions": [
        {
            "purposes": ["TREAT"],
            "categories": ["laboratory"],
            "confidentiality": "N",
            "dataFrom": "any",
            "dataUntil": "any",
            "authors": ["any"],
            "records": ["any"],
        }
    ],
    "maxUses": 0,
}
OPTIONS = ("--purpose", "TREAT", "--category", "laboratory", "--role", "attending", "--until", "2099-06-30")


@pytest.fixture
def odd() -> Iterator[OddServer]:
    with serving() as made:
        yield made


@pytest.fixture
def propose(odd: OddServer, consentry: Run, tmp_path: Path) -> Callable[..., Ran]:
    """`consent propose` by a hospital's system."""
    key = tmp_path / "his.key"
    key.write_text("the-client-key")

    def ran(*arguments: str) -> Ran:
        asked = ("consent", "propose", "--patient", "p-1", *arguments, "--json")
        return consentry(*asked, CONSENTRY_GATEWAY=odd.url, CONSENTRY_CLIENT_KEY_FILE=str(key))

    return ran


def test_propose_sends_the_terms_that_options_give(odd: OddServer, propose: Callable[..., Ran]) -> None:
    """C-11: what is not given is `any` only where that word was meant."""
    odd.say("POST /api/consents/proposals", {"id": "0x"}, 201)
    more = ("--from", "2098-01-01T08:30:00Z", "--category", "medication", "--max-uses", "3")
    ran = propose(*OPTIONS, *more)
    assert ran.code == 0, ran.out
    sent = json.loads(odd.seen[0][3])
    provision = TERMS["provisions"][0] | {"categories": ["laboratory", "medication"]}
    assert sent == {
        "patient": "p-1",
        "terms": TERMS | {"provisions": [provision], "maxUses": 3},
        "validFrom": "2098-01-01T08:30:00Z",
        "validUntil": "2099-06-30T00:00:00Z",
    }


@pytest.mark.parametrize("whole", [{"terms": TERMS, "validUntil": "2099-06-30"}, TERMS])
def test_propose_takes_a_file_of_terms(
    odd: OddServer, propose: Callable[..., Ran], tmp_path: Path, whole: Any
) -> None:
    odd.say("POST /api/consents/proposals", {"id": "0x"}, 201)
    (tmp_path / "terms.json").write_text(json.dumps(whole))
    assert propose("--terms", str(tmp_path / "terms.json"), "--until", "2099-06-30").code == 0
    assert json.loads(odd.seen[0][3])["terms"] == TERMS


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (OPTIONS[2:], "command-invalid"),
        (OPTIONS[:-2], "command-invalid"),
        ((*OPTIONS, "--purpose", "FUN"), "terms-invalid"),
        ((*OPTIONS, "--purpose", "any"), "terms-invalid"),
        ((*OPTIONS, "--category", "everything"), "terms-invalid"),
        ((*OPTIONS, "--confidentiality", "X"), "terms-invalid"),
        ((*OPTIONS, "--until", "2099-02-30"), "terms-invalid"),
        ((*OPTIONS, "--until", "tomorrow"), "terms-invalid"),
        ((*OPTIONS, "--from", "2099-07-01"), "terms-invalid"),
        ((*OPTIONS, "--data-from", "2020-01-01", "--data-until", "2019-01-01"), "terms-invalid"),
        ((*OPTIONS, "--record", "0x12"), "terms-invalid"),
        ((*OPTIONS, "--terms", "x.json"), "command-invalid"),
    ],
)
def test_propose_refuses_bad_terms_before_sending(
    odd: OddServer, propose: Callable[..., Ran], arguments: tuple[str, ...], code: str
) -> None:
    """C-11"""
    ran = propose(*arguments)
    assert (ran.code, ran.error, odd.seen) == (2, code, [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--category", "labratory"), "--category: there is no such word; did you mean laboratory?"),
        (("--category", "Labs"), "did you mean laboratory?"),
        (("--purpose", "treat"), "did you mean TREAT?"),
        (("--role", "doctor"), "--role: there is no such word; there are any, attending, "),
        (("--until", "30.6.2027"), "--until (validUntil): must read 2027-06-30 or 2027-06-30T12:00:00Z"),
        (("--until", "2020-06-30"), "--until (validUntil): lies in the past"),
        (("--from", "2099-07-01"), "--until (validUntil): must be later than --from"),
        (("--data-from", "yesterday"), "--data-from: must read 2027-06-30"),
    ],
)
def test_propose_says_what_it_would_take(
    propose: Callable[..., Ran], arguments: tuple[str, ...], words: str
) -> None:
    """C-11"""
    assert words in propose(*OPTIONS, *arguments).json["error"]["detail"]


@pytest.mark.parametrize("content", [b"[]", b'{"terms": 7}', b'{"terms": {}}', b"{}", b'{"roles": []}'])
def test_propose_refuses_a_file_that_holds_no_terms(
    odd: OddServer, propose: Callable[..., Ran], tmp_path: Path, content: bytes
) -> None:
    """C-11"""
    (tmp_path / "terms.json").write_bytes(content)
    ran = propose("--terms", str(tmp_path / "terms.json"), "--until", "2099-06-30")
    assert (ran.error, odd.seen) == ("terms-invalid", [])

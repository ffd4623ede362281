"""What a gateway tells of the network is checked, and what does not answer is said (K-12, G-3)."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.client import GatewayClient
from consentry.cli.directories import committee_to_seal_to
from consentry.cli.network_values import NetworkInfo, network_of
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.settings import Settings
from consentry.crypto import hpke
from consentry.errors import ChainWrong
from tests.app.cli.conftest import Run
from tests.app.cli.odd_server import OddServer, serving
from tests.chains import DeployedChain

KEYS = [base64.b64encode(hpke.public_key(bytes([seat]) * 32)).decode() for seat in range(3)]


@pytest.fixture
def odd() -> Iterator[OddServer]:
    with serving() as made:
        yield made


def network(url: str = "http://127.0.0.1:9") -> dict[str, Any]:
    """A network of three keepers, all said to be at `url`."""
    return {
        "chainId": 1337,
        "chainName": "test",
        "rpcUrl": url,
        "contracts": {"IdentityRegistry": "0x" + "1d" * 20, "ConsentRegistry": "0x" + "c1" * 20},
        "member": {"address": "0x" + "aa" * 20, "name": "Mercy Hospital"},
        "keepers": [
            {
                "account": f"0x{seat:040x}",
                "url": url,
                "seat": seat,
                "member": {"address": f"0x{seat + 16:040x}", "name": f"Member {seat}"},
                "chamber": "EthicsBoard",
                "sealingKey": KEYS[seat],
            }
            for seat in range(3)
        ],
        "committeeVersion": 1,
        "threshold": 2,
    }


def told(odd: OddServer, value: Any) -> NetworkInfo:
    odd.say("GET /api/network", value)
    return network_of(GatewayClient(odd.url))


def test_network_of_reads_what_is_told(odd: OddServer) -> None:
    value = network()
    value["keepers"].reverse()
    found = told(odd, value)
    assert [keeper.seat for keeper in found.committee.keepers] == [0, 1, 2]
    assert found.seats == ("Member 0", "Member 1", "Member 2")
    assert (found.member_name, found.chain_id) == ("Mercy Hospital", 1337)


Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, Change] = {
    "no chain": lambda value: value.pop("chainId"),
    "no contracts": lambda value: value.update(contracts=None),
    "a contract missing": lambda value: value["contracts"].pop("ConsentRegistry"),
    "member as text": lambda value: value.update(member="Mercy"),
    "name that hides": lambda value: value["member"].update(name="Mercy\u202e"),
    "no keepers": lambda value: value.update(keepers=[]),
    "a thousand keepers": lambda value: value.update(keepers=value["keepers"] * 400),
    "keepers as text": lambda value: value.update(keepers="none"),
    "seat twice": lambda value: value["keepers"][1].update(seat=0),
    "seat missing": lambda value: value["keepers"][2].update(seat=7),
    "one key twice": lambda value: value["keepers"][1].update(sealingKey=KEYS[0]),
    "short key": lambda value: value["keepers"][1].update(sealingKey="AAAA"),
    "a file for a keeper": lambda value: value["keepers"][1].update(url="file:///etc/passwd"),
    "a chamber that is none": lambda value: value["keepers"][1].update(chamber="Kitchen"),
    "no member": lambda value: value["keepers"][1].pop("member"),
    "threshold above all": lambda value: value.update(threshold=4),
    "threshold of one": lambda value: value.update(threshold=1),
    "no committee": lambda value: value.update(committeeVersion=0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_network_of_refuses_what_cannot_be(odd: OddServer, what: str) -> None:
    """K-12"""
    value = copy.deepcopy(network())
    CHANGES[what](value)
    with pytest.raises(GatewayMisbehaved):
        told(odd, value)


def test_status_says_which_keepers_do_not_answer(odd: OddServer, consentry: Run) -> None:
    """Exit code 5 when reading would not work."""
    odd.say("GET /api/network", network())
    odd.say("GET /health", {"ok": True, "reasons": []})
    for command in (("status",), ("keeper", "status")):
        plain = consentry(*command, CONSENTRY_GATEWAY=odd.url)
        assert plain.code == 5 and "0 of 3 keepers answer" in plain.out and "keeper-unreachable" in plain.out
        assert consentry(*command, "--json", CONSENTRY_GATEWAY=odd.url).error == "degraded"


def test_status_is_not_fooled_by_another_keeper_or_a_sick_gateway(odd: OddServer, consentry: Run) -> None:
    odd.say("GET /api/network", network(odd.url))
    odd.say("GET /health", {"ok": True, "keeper": f"0x{1:040x}", "reasons": []})
    ran = consentry("status", CONSENTRY_GATEWAY=odd.url)
    assert ran.code == 5 and "another keeper answers at this address" in ran.out and "1 of 3" in ran.out
    odd.say("GET /health", {"ok": False, "reasons": ["chain-stale: block 7"]}, 503)
    assert "chain-stale: block 7" in consentry("status", CONSENTRY_GATEWAY=odd.url).out
    odd.say("GET /health", b"<html>", 200)
    assert "not its health" in consentry("status", CONSENTRY_GATEWAY=odd.url).out


def test_directories_are_sealed_to_the_chains_keepers_alone(
    odd: OddServer, deployed_chain: DeployedChain
) -> None:
    """Whoever names the sealing keys could read everything: a gateway's own are refused."""
    settings = Settings(rpc=deployed_chain.url, deployment=str(deployed_chain.deployment))
    with pytest.raises((ChainWrong, GatewayMisbehaved)):
        committee_to_seal_to(settings, told(odd, network()))


def test_reads_say_what_is_incomplete(odd: OddServer, consentry: Run, tmp_path: Path) -> None:
    """G-3: technically incomplete is said, on stderr and in the summary."""
    issue = {
        "severity": "warning",
        "code": "incomplete",
        "diagnostics": "index-behind: the newest may be missing",
    }
    entries: list[Any] = [
        {"resource": {"resourceType": "Observation"}},
        {"resource": {"resourceType": "OperationOutcome", "issue": [issue]}},
        {"resource": 7},
        "rubbish",
    ]
    odd.say("GET /fhir/Patient/p-1/$everything", {"resourceType": "Bundle", "entry": entries})
    (tmp_path / "his.key").write_text("the-client-key")
    asked = (
        "read", "--patient", "p-1", "--practitioner", "0x" + "11" * 20, "--purpose", "TREAT",
        "--client-key-file", tmp_path / "his.key",
    )  # fmt: skip
    ran = consentry(*asked, "--out", tmp_path / "r.json", "--json", CONSENTRY_GATEWAY=odd.url)
    assert ran.json["resources"] == {"Observation": 1} and ran.json["incomplete"] == [issue["diagnostics"]]
    assert "Incomplete: index-behind" in consentry(*asked, CONSENTRY_GATEWAY=odd.url).err
    sent = odd.seen[-1]
    assert sent[2]["X-Consentry-Purpose"] == "TREAT" and "TREAT" not in sent[1]
    for rubbish in (b"[]", b"{}", b"\xff", b'{"resourceType": "Patient"}'):
        odd.say("GET /fhir/Patient/p-1/$everything", rubbish)
        assert consentry(*asked, "--json", CONSENTRY_GATEWAY=odd.url).error == "gateway-misbehaved"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--purpose", "TREAT"),
        ("--self", "--as", "x", "--purpose", "TREAT"),
        ("--patient", "p-1", "--as", "x"),
        ("--self",),
        ("--as", "x", "--purpose", "TREAT"),
        ("--self", "--patient", "p-1", "--wallet", "x"),
    ],
)
def test_reads_need_one_reader_one_purpose_and_a_patient(
    odd: OddServer, consentry: Run, arguments: tuple[str, ...]
) -> None:
    ran = consentry("read", *arguments, "--json", CONSENTRY_GATEWAY=odd.url)
    assert (ran.error, odd.seen) == ("command-invalid", [])

"""Real keeper processes on a real chain: release, prove, die, come back, revoke (K-3, K-6, K-9, A-2, G-6)."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import urllib3

from consentry.crypto.sealing import combine_record_key
from consentry.domain.terms import consent_id
from consentry.errors import NoGround
from consentry.ports.keeper_values import Opened
from consentry.services.receipts import ReceiptsPage
from consentry.services.verify import verify
from tests.app.chain.world import build_world
from tests.app.keeper.scene import Scene
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def scene(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed_chain.undone():
        made = Scene(build_world(deployed_chain), tmp_path_factory.mktemp("scene"))
        made.start(0, 2, 4)
        yield made
        made.close()


def opened_key(scene: Scene) -> bytes:
    (outcome,) = scene.ask(scene.request()).outcomes
    assert isinstance(outcome, Opened)
    header = scene.record.header
    return combine_record_key(scene.record.sealing, header.record_id, outcome.shares, header.key_commitment)


def committed_page(scene: Scene, seat: int) -> ReceiptsPage:
    """The keeper's receipts about alice, once the last one is committed."""
    until = time.monotonic() + 90
    while True:
        page = scene.receipts(seat)
        if page.evidence and all(one.commit for one in page.evidence):
            return page
        assert time.monotonic() < until, scene.log(seat)
        time.sleep(0.1)


def test_keepers_release_and_every_receipt_proves_on_chain(scene: Scene) -> None:
    """K-3, K-6, K-9, A-2: three of five processes; the contract's own `permits` decides."""
    assert opened_key(scene) == scene.record_key
    for seat in (0, 2, 4):
        for evidence in committed_page(scene, seat).evidence:
            receipt = verify(evidence, scene.ledger)
            assert (receipt.decision, receipt.reason, receipt.category) == (
                "released",
                "Permitted",
                "laboratory",
            )


def test_keeper_goes_on_where_it_was_after_it_was_killed(scene: Scene) -> None:
    """K-6, K-9: kill -9, restart on the same database: numbers and commits go on without a gap."""
    opened_key(scene)
    before = scene.receipts(0).evidence
    scene.kill(0)
    scene.start(0)
    opened_key(scene)
    page = committed_page(scene, 0)
    assert [verify(one, scene.ledger).seq for one in page.evidence] == list(range(len(before) + 1))


def test_keeper_says_that_it_is_well_and_counts(scene: Scene) -> None:
    """K-11, P-1."""
    health = scene.health(2)
    assert health is not None and (health["ok"], health["seat"], health["reasons"]) == (True, 2, [])
    text = urllib3.request("GET", f"{scene.urls[2]}/metrics").data.decode()
    assert "consentry_keeper_items_released_total" in text
    assert "consentry_keeper_receipts " in text


@pytest.mark.parametrize(
    ("passphrase", "code", "exit_code"), [("wrong", "keystore-locked", 3), ("", "keystore-locked", 3)]
)
def test_keeper_does_not_start_with_a_wrong_passphrase(
    scene: Scene, passphrase: str, code: str, exit_code: int
) -> None:
    """S-5."""
    command = [sys.executable, "-m", "consentry.keeper", "--config", str(scene.config(1))]
    done = subprocess.run(
        command, env=scene.environment(passphrase), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == exit_code
    assert any(line.startswith(code) for line in done.stderr.splitlines()), done.stderr


def test_keeper_says_that_its_port_is_taken(scene: Scene) -> None:
    """K-11: a sentence and an exit code, no trace."""
    config = scene.config(1)
    command = [sys.executable, "-m", "consentry.keeper", "--config", str(config)]
    with socket.create_server(("127.0.0.1", json.loads(config.read_text("utf-8"))["port"])):
        done = subprocess.run(
            command, env=scene.environment(), capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 2 and done.stderr.strip().startswith("config-invalid")
    assert "Traceback" not in done.stderr


def test_keeper_refuses_a_stranger_to_the_consent(scene: Scene) -> None:
    """K-8: the intern's reason is in the receipt; outwards there is no ground, as for a consent that never was."""
    other = scene.world.consent(scene.alice)
    granted, scene.consent = (
        scene.consent,
        type(other)(other.patient, other.terms, other.valid_from - 1, other.valid_until, other.relay_before),
    )
    try:
        with pytest.raises(NoGround):
            scene.ask(scene.request())
    finally:
        scene.consent = granted
    last = committed_page(scene, 4).evidence[-1]
    assert verify(last, scene.ledger).reason == "ConsentUnknown"


def test_keepers_release_nothing_after_the_revocation(scene: Scene) -> None:
    """G-6, K-7: neither a new request nor a repeat of one that was released; nothing about alice is in the logs (P-1)."""
    request = scene.request()
    assert isinstance(scene.ask(request).outcomes[0], Opened)
    registry = scene.ledger.address_of("ConsentRegistry")
    revoked = consent_id(scene.consent, scene.ledger.chain_id, registry)
    scene.alice.transact("ConsentRegistry", "revoke", scene.alice.address, revoked)
    for again in (request, scene.request()):
        with pytest.raises(NoGround):
            scene.ask(again)
    assert verify(committed_page(scene, 2).evidence[-1], scene.ledger).reason == "ConsentRevoked"
    logs = "".join(scene.log(seat) for seat in (0, 2, 4))
    for hidden in (
        scene.alice.address,
        "TREAT",
        "laboratory",
        scene.record.header.record_id.hex(),
        revoked.hex(),
    ):
        assert hidden.removeprefix("0x") not in logs

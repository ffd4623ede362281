"""`brownie run publish|grant|read|revoke` against the running network, for those who live in Brownie."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from consentry.demo.actors import Hospital, Patient
from consentry.network.run import Network
from tests.journeys.bundles import TERMS, bundle, laboratory, patient

ROOT = Path(__file__).resolve().parents[2]


def brownie(network: Network, script: str, gateway: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        **network.place.environment(),
        "CONSENTRY_RPC": network.rpc_url,
        "CONSENTRY_GATEWAY": network.gateways[gateway],
        **settings,
    }
    command = ["tools/brownie", "run", script, "--network", "consentry-local"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_scripts_publish_grant_read_and_revoke(
    network: Network, mercy: Hospital, city: Hospital, new_patient: Callable[[], Patient], tmp_path: Path
) -> None:
    """G-1, G-3, G-6: the same exchange as the demo's, through Brownie."""
    somebody = new_patient()
    somebody.open_directory(network)
    wallet = next(
        network.place.wallet(slug)
        for slug, address in network.people.items()
        if address == somebody.wallet.address
    )
    at_mercy = mercy.link("B-1", somebody.wallet)
    at_city = city.link("B-1", somebody.wallet)
    content = tmp_path / "visit.json"
    content.write_bytes(bundle(patient("B-1"), laboratory(6.1)))
    client_key = network.place.member("mercy") / "client.key"
    published = brownie(
        network,
        "publish",
        "mercy",
        CONSENTRY_BUNDLE=str(content),
        CONSENTRY_PATIENT=at_mercy,
        CONSENTRY_CLIENT_KEY_FILE=str(client_key),
    )
    assert published.returncode == 0, published.stdout + published.stderr
    consent = city.propose(at_city, TERMS, days=1)["id"]
    signing = {"CONSENTRY_CONSENT": consent, "CONSENTRY_WALLET": str(wallet)}
    granted = brownie(network, "grant", "city", **signing)
    assert granted.returncode == 0, granted.stdout + granted.stderr
    reading = {
        "CONSENTRY_PATIENT": at_city,
        "CONSENTRY_READER": str(network.place.wallet("dr_bose")),
        "CONSENTRY_PURPOSE": "TREAT",
    }
    read = brownie(network, "read", "city", **reading)
    assert read.returncode == 0, read.stdout + read.stderr
    assert json.dumps(6.1) in read.stdout
    revoked = brownie(network, "revoke", "city", **signing)
    assert revoked.returncode == 0, revoked.stdout + revoked.stderr
    assert brownie(network, "read", "city", **reading).returncode != 0


def test_scripts_say_which_setting_is_missing(network: Network) -> None:
    done = brownie(network, "publish", "mercy")
    assert done.returncode != 0
    assert "CONSENTRY_BUNDLE" in done.stdout + done.stderr

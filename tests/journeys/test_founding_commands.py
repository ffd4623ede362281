"""`brownie run deploy`, `run founding` and `run deploy hand_over` as docs/first-hour.md tells them for production (V-13)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.ledger import open_ledger
from consentry.chain.nodes import NodeSettings, development_key, running_node
from consentry.crypto import hpke
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain import fields
from consentry.domain.ledger import Chamber

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
CHAIN_ID = 4711
CHAMBERS = ("institutions", "ethics-board", "patients-council")


@dataclass
class Founder:
    """A node on which nothing is, and a folder of its own for what the commands write."""

    url: str
    folder: Path

    @property
    def deployment(self) -> Path:
        return self.folder / "state" / "deployment.json"

    def run(self, *script: str, plan: dict[str, Any] | None = None) -> tuple[int, str]:
        """Exit code and output of one command."""
        file = self.folder / "founding.json"
        if plan is not None:
            file.write_text(json.dumps(plan), "utf-8")
        key = self.folder / "deployer.key"
        key.write_text("0x" + development_key(0).hex(), "ascii")
        settings = {
            "CONSENTRY_RPC": self.url,
            "CONSENTRY_CHAIN_ID": str(CHAIN_ID),
            "CONSENTRY_PROFILE": "production",
            "CONSENTRY_DEPLOYER_KEY_FILE": str(key),
            "CONSENTRY_DEPLOYMENT": str(self.deployment),
            "CONSENTRY_FOUNDING": str(file),
        }
        command = [str(ROOT / "tools" / "brownie"), "run", *script, "--network", "consentry-local"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def founder(tmp_path: Path) -> Iterator[Founder]:
    with running_node(NodeSettings("anvil", chain_id=CHAIN_ID, log=tmp_path / "chain.log")) as node:
        yield Founder(node.url, tmp_path)


def founding_file() -> dict[str, Any]:
    """A member of each chamber, and a keeper of each, any two of whom open a record."""
    members = [
        {
            "account": account_of(generate_account_key()),
            "name": f"Member of {one}",
            "kind": one,
            "chamber": one,
        }
        for one in CHAMBERS
    ]
    keepers = [
        {
            "account": account_of(generate_account_key()),
            "member": member["name"],
            "url": f"https://{member['chamber']}.example",
            "sealingKey": fields.to_base64(hpke.public_key(hpke.generate_seed())),
        }
        for member in members
    ]
    committee = {"threshold": 2, "keepers": keepers}
    return {
        "members": members,
        "regulator": "Member of ethics-board",
        "committee": committee,
        "handOver": False,
    }


def test_commands_found_a_consortium_once_however_often_they_run(founder: Founder) -> None:
    """V-13: founding, handing over and all of it again; the second time nothing is sent."""
    plan = founding_file()
    code, said = founder.run("deploy")
    assert code == 0 and founder.deployment.exists(), said
    code, said = founder.run("founding", plan=plan)
    assert code == 0 and "published 3 keepers, any 2" in said, said
    assert "3 members, 8 transactions" in said and "handed over" not in said
    assert_founded(founder, plan)
    code, said = founder.run("founding")
    assert code == 0 and "3 members, 0 transactions" in said, said
    code, said = founder.run("deploy", "hand_over")
    assert code == 0 and "handed over to the consortium" in said, said
    code, said = founder.run("deploy", "hand_over")
    assert code == 0 and "has taken over before" in said, said
    code, said = founder.run("founding", plan=plan | {"handOver": True})
    assert code == 0 and "0 transactions" in said and "has taken over before" in said, said
    code, said = founder.run("deploy")
    assert code == 0 and "12 contracts, 0 settings written" in said, said
    assert_founded(founder, plan)


def assert_founded(founder: Founder, plan: dict[str, Any]) -> None:
    ledger = open_ledger(founder.url, founder.deployment)
    assert [(one.address, one.name) for one in ledger.members()] == [
        (one["account"], one["name"]) for one in plan["members"]
    ]
    committee = ledger.committee()
    assert committee is not None and (committee.version, committee.threshold) == (1, 2)
    assert [one.chamber for one in committee.keepers] == list(Chamber)
    assert [fields.to_base64(one.sealing_key) for one in committee.keepers] == [
        one["sealingKey"] for one in plan["committee"]["keepers"]
    ]


def test_commands_say_what_is_wrong_before_anything_is_sent(founder: Founder) -> None:
    """V-13: no deployment yet; then a sealing key in another form than `consentry keeper new` prints."""
    plan = founding_file()
    code, said = founder.run("founding", plan=plan)
    assert code != 0 and "run deploy first" in said, said
    plan["committee"]["keepers"][0]["sealingKey"] = "0x" + "11" * 1216
    code, said = founder.run("founding", plan=plan)
    assert code != 0 and "founding.json: the keeper of Member of institutions: a sealing key is" in said, said

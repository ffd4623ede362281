"""What operators start gateways and keepers with (H-47)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from consentry.domain.serving import Serving, TlsFiles
from consentry.serving.process import STOP_SECONDS

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "KillMode": "mixed",
    "Type": "notify",
}

KNOWN = {
    "Unit": "After Description StartLimitBurst StartLimitIntervalSec Wants",
    "Service": """
        AmbientCapabilities CapabilityBoundingSet Environment ExecStart Group KillMode LimitCORE LimitNOFILE LoadCredential
        LockPersonality MemorySwapMax NoNewPrivileges NotifyAccess PrivateDevices PrivateTmp ProtectClock ProtectControlGroups
        ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem
        RemoveIPC Restart RestartPreventExitStatus RestartSec RestrictAddressFamilies RestrictNamespaces RestrictRealtime
        RestrictSUIDSGID StateDirectory StateDirectoryMode SystemCallArchitectures SystemCallErrorNumber SystemCallFilter
        TasksMax TimeoutStopSec Type UMask User WorkingDirectory
    """,
    "Install": "WantedBy",
}
"""By section, settings of systemd 252 (systemd.unit, .service, .exec, .kill, .resource-control), as in Debian 12."""


def settings_of(unit: Path) -> dict[str, str]:
    lines = [
        line for line in unit.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")
    ]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_unit_gives_a_service_no_more_than_it_needs(unit: Path) -> None:
    """H-47."""
    told = settings_of(unit)
    assert HARDENED.items() <= told.items()
    assert int(told["TimeoutStopSec"]) > STOP_SECONDS
    module = told["ExecStart"].split(" -m ")[1].split()[0]
    assert unit.name == f"{module.replace('.', '-')}@.service"


def test_units_share_no_account_and_no_folder() -> None:
    """H-47: who breaks into a gateway finds no keeper's key, database or passphrase."""
    for unit in UNITS:
        told, own = settings_of(unit), f"{unit.name.removesuffix('@.service').removeprefix('consentry-')}-%i"
        assert told["User"] == told["Group"] == f"consentry-{own}"
        assert told["StateDirectory"] == f"consentry/{own}" and told["StateDirectoryMode"] == "0700"
        assert told["WorkingDirectory"] == f"/var/lib/consentry/{own}"
        for name in ("ExecStart", "LoadCredential"):
            assert f"/etc/consentry/{own}/" in told[name]


def sections_of(unit: Path) -> dict[str, set[str]]:
    """Names of settings, by section."""
    found: dict[str, set[str]] = {}
    for line in unit.read_text("utf-8").splitlines():
        if line.startswith("["):
            names = found.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            names.add(line.split("=", 1)[0])
    return found


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """H-47: every setting is one that it knows, by a list; and by systemd itself where it is there to ask."""
    assert [one.name for one in UNITS] == ["consentry-gateway@.service", "consentry-keeper@.service"]
    for unit in UNITS:
        for section, names in sections_of(unit).items():
            assert names <= set(KNOWN[section].split()), (unit.name, section)
    analyze = shutil.which("systemd-analyze")
    for unit in UNITS if analyze else ():
        text = unit.read_text("utf-8").replace("/opt/consentry/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
        told = subprocess.run(
            ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True, check=False
        )
        assert "Unknown" not in told.stderr and unit.name.split("@")[0] not in told.stderr, told.stderr


def test_compose_files_are_what_the_code_writes() -> None:
    """H-47: with a check that asks whether requests may be sent, and the time to stop in order."""
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "compose.py", "--check"], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    for name in ("compose.yaml", "deploy/compose/member.yaml"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        for service in json.loads("\n".join(lines[1:]))["services"].values():
            assert "/health/ready" in service["healthcheck"]["test"][-1]
            assert int(service["stop_grace_period"].removesuffix("s")) > STOP_SECONDS


def test_image_makes_the_folder_of_the_books_for_its_user() -> None:
    """H-47: a new volume is root's otherwise, and no database can be made in it."""
    image = (ROOT / "Dockerfile").read_text("utf-8")
    made = "install -d -o node -g node -m 0700 /var/lib/consentry\n"
    assert made in image and image.index(made) < image.index("USER node")
    volumes = (ROOT / "deploy" / "compose" / "member.yaml").read_text("utf-8")
    assert volumes.count("-books:/var/lib/consentry") == 2


def test_page_names_every_setting() -> None:
    """H-47; and the owner of what is made for one alone, and where the units look for the program."""
    page = (ROOT / "docs" / "serving.md").read_text("utf-8")
    assert "chown consentry-$one /etc/consentry/$one/*.keystore" in page and "chown 1000" in page
    for unit in UNITS:
        assert settings_of(unit)["ExecStart"].startswith("/opt/consentry/.venv/bin/python ")
    assert "git clone ADDRESS /opt/consentry" in page and "make setup" in page
    for one in (*fields(Serving), *fields(TlsFiles)):
        assert f'"{one.name}"' in page, one.name

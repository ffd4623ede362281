"""The first exchange of docs/fhir.md, in a shell, as a developer types it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from consentry.network.run import Network
from consentry.network.up import write_environment

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 300
# A bare machine has neither curl nor jq: the little that the page asks of them, under their names.
CURL = """#!{python}
import sys, urllib.request
words, headers, url, data = sys.argv[1:], {{}}, None, None
while words:
    word = words.pop(0)
    if word == "-H":
        name, _, value = words.pop(0).partition(": ")
        headers[name] = value
    elif word == "-d":
        data = words.pop(0).encode()
    elif word != "-sf":
        url = word
with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
    sys.stdout.buffer.write(answer.read() + b"\\n")
"""
JQ = """#!{python}
import json, sys
print(json.load(sys.stdin)[sys.argv[2].removeprefix(".")])
"""
BEFORE = """
set -eu -o pipefail
linked() { consentry patient link "$@" --wallet $WALLETS/chen.keystore --json | jq -r .ref; }
CITY_REF=$(linked --mrn CITY-F1)
MERCY_REF=$(linked --mrn MERCY-F1 --gateway $MERCY --client-key-file $MERCY_KEY)
consentry wallet open-directory --wallet $WALLETS/chen.keystore >&2
CONSENT=$(consentry consent propose --patient $CITY_REF --role attending --purpose TREAT --category laboratory \\
  --confidentiality R --until 2099-06-30 --json | jq -r .id)
consentry consent grant $CONSENT --wallet $WALLETS/chen.keystore >&2
"""


def test_the_commands_of_the_page_exchange_a_result(network: Network, tmp_path: Path) -> None:
    """F-4, F-14, T-1: what the laboratory wrote is what the ward finds, number for number."""
    page = (ROOT / "docs" / "fhir.md").read_text("utf-8")
    (commands,) = re.findall(r"## A first exchange\n.*?```sh\n(.*?)```", page, re.DOTALL)
    for name, program in (("curl", CURL), ("jq", JQ)):
        file = tmp_path / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(program.format(python=sys.executable), "utf-8")
        file.chmod(0o700)
    write_environment(network, tmp_path / "env.sh")
    script = f"source {tmp_path}/env.sh; export PATH={tmp_path}/bin:$PATH\n{BEFORE}\n{commands}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1], parse_float=str)
    (entry,) = [one["resource"] for one in found["entry"] if one["search"]["mode"] == "match"]
    assert entry["valueQuantity"]["value"] == "6.10"

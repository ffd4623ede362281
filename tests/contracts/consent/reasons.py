"""`IConsentRegistry.Reason` as read from its source, so that no test counts by hand."""

import re
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3] / "contracts" / "interfaces" / "IConsentRegistry.sol"

_body = re.search(r"enum Reason \{([^}]*)\}", SOURCE.read_text(encoding="utf-8")).group(1)
Reason = IntEnum("Reason", [(name, number) for number, name in enumerate(re.findall(r"\w+", _body))])

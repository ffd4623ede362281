"""What a patient asks the hospital that wrote a record: to correct it, or to erase it (specification W-42, W-43).

open ──the hospital did it──▶ done
  └────it says why not──────▶ declined
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

MOST_WORDS: Final = 4_000
"""Characters of what is asked, and of what is answered."""
MOST_OPEN: Final = 50
"""Of one patient at one hospital; more than that is asked in person."""


class Asked(StrEnum):
    CORRECT = "correct"
    ERASE = "erase"


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


ANSWERS: Final = (State.DONE, State.DECLINED)

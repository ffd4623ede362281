"""A chain believed without a node of one's own: headers by validators' signatures, state by proofs, views in a local EVM.

Whoever answers JSON-RPC here is another member's node, and is taken for a liar until what it says is proven (specification H-56).
"""

import sys

# py-evm lets the whole process recurse twelve times as deep, for contracts that call one another a thousand times over; ours
# don't. JSON nested as deep as that would then overflow the stack and end the process, instead of being refused.
_depth = sys.getrecursionlimit()
import eth  # noqa: E402, F401

sys.setrecursionlimit(_depth)

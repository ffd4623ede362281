"""A chain believed without a node of one's own: headers by validators' signatures, state by proofs, views in a local EVM.

Whoever answers JSON-RPC here is another member's node, and is taken for a liar until what it says is proven (specification H-56).
"""

"""A network on paper: what many members and interactions cost chain, index, keepers and gateways (docs/scale.md)."""

"""Pure cryptography over `cryptography` and `coincurve`: nothing here knows a chain or a store."""

"""Pure cryptography over `cryptography` and `coincurve`: nothing here knows a chain, a store or a web server."""

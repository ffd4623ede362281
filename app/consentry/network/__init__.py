"""The network of one machine: chain, keepers and gateways as processes, for development, the demo and the tests."""

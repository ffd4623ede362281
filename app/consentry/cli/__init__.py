"""The command line: `consentry …`. Commands speak to gateways over HTTP, to the chain, and to key files."""

"""Pure rules and value objects: standard library and keccak only, no input or output."""

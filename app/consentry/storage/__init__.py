"""Content-addressed storage: one layout (UnixFS CIDv1), two adapters (embedded block store, Kubo's RPC)."""

"""The keeper process: routes, receipts database, settings. The rule itself is `services/release.py`."""

"""Adapters to other institutions' processes over HTTP."""

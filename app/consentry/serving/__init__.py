"""Serving an application over HTTP by gunicorn (docs/adr/0024): gateways and keepers alike."""

"""The only wiring: settings in, running parts out. Everything else is given its ports."""

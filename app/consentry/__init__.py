"""Consentry: health records that move between institutions under the patient's signature."""

__version__ = "0.1.0"

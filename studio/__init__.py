"""Linli Studio: overlays, stock, speech and trust for community group-buying livestreams."""

__version__ = "0.1.0"

"""GameFactory: makes casual games in batches, ships them, and learns from how they are played."""

__version__ = "0.1.0"

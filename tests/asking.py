"""One HTTP client for all tests: each that is made reads every certificate of this machine."""

import httpx

CLIENT = httpx.Client(limits=httpx.Limits(max_connections=None, max_keepalive_connections=0))
"""Each request over a connection of its own, as with ``httpx.get``."""

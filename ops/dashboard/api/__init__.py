"""The HTTP API: the same actions as on the pages, for other dashboards and for the systems of sources."""

PREFIX = "/api/v1"
"""Before every path of it."""

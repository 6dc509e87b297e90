"""The layout of what is stored, by a number that each store keeps of itself.

Nothing converts a store from one layout to another. A store that another version made is told as such when it
is opened or provisioned, instead of failing in the middle of a day's work.
"""

from __future__ import annotations

from store.port import StoreError

LAYOUT = 1
"""To be raised with every change after which what was written before cannot be read, or listed, beside what
is written since: of tables, of fields, of the facets that lists rest on. An index more is no such change."""

UNNUMBERED = 0
"""The layout of stores that were made before they kept a number."""


class OtherLayout(StoreError):
    """The store was made by another version of mash-hub. ``is_so`` says it, ``do`` what helps."""

    def __init__(self, found: int) -> None:
        self.is_so = (
            f"the store was made by another version of mash-hub: its layout is {found}, "
            f"this version has layout {LAYOUT}"
        )
        self.do = "use the version that made it, or begin with an empty store (another --data or --store)"
        super().__init__(f"{self.is_so}; {self.do}")


def require_ours(found: int) -> None:
    """Raises `OtherLayout` for a number that is not this version's."""
    if found != LAYOUT:
        raise OtherLayout(found)

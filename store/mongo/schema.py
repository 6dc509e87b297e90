"""What an agent's database needs, and whether it is there: indexes, and the number of its layout."""

from __future__ import annotations

from typing import Any

from store import layout
from store.mongo.connection import Connection, insert_new, store_errors
from store.port import COUNTED, LISTED

Index = tuple[str, str, list[tuple[str, int]], dict[str, Any]]

COUNTED_INDEX = "counted"
"""The index that `tally` counts by."""


LISTED_INDEXES = {f"by_{'_'.join(name for name, _ in facets)}": facets for facets in LISTED}
"""The index of each long list, by its name."""


def _only_with(name: str) -> dict[str, Any]:
    """Documents without the facet, which nobody lists or counts by it, are not in the index."""
    return {"partialFilterExpression": {f"facets.{name}": {"$exists": True}}}


INDEXES: tuple[Index, ...] = (
    # Partial: only documents that wait for something are in them, so an idle one costs nothing.
    (
        "documents",
        "due",
        [("due", 1), ("_id", 1)],
        {"partialFilterExpression": {"due": {"$exists": True}}},
    ),
    ("documents", "open", [("open", 1)], {"sparse": True}),
    ("documents", "facets", [("facets.$**", 1)], {}),
    ("documents", COUNTED_INDEX, [(f"facets.{name}", 1) for name in COUNTED], _only_with(COUNTED[0])),
    *(
        (
            "documents",
            index,
            [*((f"facets.{name}", way) for name, way in facets), ("_id", 1)],
            _only_with(facets[0][0]),
        )
        for index, facets in LISTED_INDEXES.items()
    ),
    ("quarantine", "at", [("at", 1), ("_id", 1)], {}),
    ("quarantine", "message", [("message_id", 1)], {}),
)
"""Collection, name, keys and options of each. Audit, blobs and data keys are found by ``_id`` alone."""


_NUMBER = "layout"
"""The collection, and the only id in it, of the number of the layout."""


class Schema(Connection):
    async def provision(self) -> None:
        with store_errors("provision"):
            await self._require_our_layout()
            await insert_new(self._database[_NUMBER], [{"_id": _NUMBER, "number": layout.LAYOUT}])
            for collection, name, keys, options in INDEXES:
                await self._database[collection].create_index(keys, name=name, **options)

    async def verify(self) -> list[str]:
        missing = []
        with store_errors("verify"):
            if not await self._require_our_layout():
                missing.append(f"the number of the layout in {self._database.name}.{_NUMBER}")
            for collection, name, keys, options in INDEXES:
                there = (await self._database[collection].index_information()).get(name)
                expected = {"key": keys, **options}
                if there is None or any(there.get(part) != value for part, value in expected.items()):
                    missing.append(f"index {name} of {self._database.name}.{collection}")
        return missing

    async def _require_our_layout(self) -> bool:
        """Whether the number is there. Raises OtherLayout."""
        # In this order, as the number is written before anything else: another may provision it meanwhile.
        written = [
            await one.find_one({}, ["_id"]) for one in (self._documents, self._audit, self._quarantine)
        ]
        number = await self._database[_NUMBER].find_one({"_id": _NUMBER})
        if number is not None:
            layout.require_ours(number["number"])
        elif any(written):
            layout.require_ours(layout.UNNUMBERED)
        return number is not None

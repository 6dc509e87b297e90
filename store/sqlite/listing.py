"""Lists of documents by their facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.port import Facet, Page
from store.sqlite import mapping
from store.sqlite.connection import Connection, store_errors


class Listing(Connection):
    async def find(
        self,
        where: Mapping[str, Facet],
        *,
        sort: Sequence[tuple[str, int]] = (),
        offset: int = 0,
        limit: int = 50,
    ) -> Page:
        wanted, values = _conditions(where)
        order, names = _order(sort)
        counting = f"SELECT count(*) FROM documents WHERE {wanted}"  # noqa: S608 - no value is in the text
        listing = f"SELECT key FROM documents WHERE {wanted} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608
        # Sorting keys alone and then reading the few documents wanted leaves the big states out of it.
        reading = f"SELECT {mapping.DOCUMENT_COLUMNS} FROM documents WHERE key = ?"  # noqa: S608
        with store_errors("list documents"):
            (total,) = self._connection.execute(counting, values).fetchone()
            keys = self._connection.execute(listing, [*values, *names, limit, offset]).fetchall()
            rows = [self._connection.execute(reading, key).fetchone() for key in keys]
        return Page(tuple(mapping.kept(row) for row in rows), total)

    async def tally(self, by: str, over: str, first: str, last: str) -> dict[str, int]:
        # From the period to the values, in this order: both are steps of an index, and no state is read.
        counting = """
            SELECT counted.value, count(*) FROM facets AS period CROSS JOIN facets AS counted
            WHERE period.name = ? AND period.value BETWEEN ? AND ?
              AND counted.key = period.key AND counted.name = ?
            GROUP BY counted.value
        """
        with store_errors("count documents"):
            return dict(self._connection.execute(counting, (over, first, last, by)).fetchall())

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        marks = ", ".join("?" * len(values))
        finding = (
            f"SELECT DISTINCT key FROM facets WHERE name = ? AND value IN ({marks}) "  # noqa: S608
            "ORDER BY key LIMIT ?"
        )
        with store_errors("list documents"):
            rows = self._connection.execute(finding, [name, *values, limit]).fetchall()
        return [key for (key,) in rows]


def _conditions(where: Mapping[str, Facet]) -> tuple[str, list[Facet]]:
    """The condition in SQL and the values for its question marks."""
    parts = ["1"]
    values: list[Facet] = []
    for name, value in where.items():
        if value is None:
            parts.append("NOT EXISTS (SELECT 1 FROM facets f WHERE f.key = documents.key AND f.name = ?)")
            values.append(name)
            continue
        for one in value if isinstance(value, tuple) else (value,):
            parts.append("key IN (SELECT key FROM facets WHERE name = ? AND value = ?)")
            values += [name, one]
    return " AND ".join(parts), values


def _order(sort: Sequence[tuple[str, int]]) -> tuple[str, list[str]]:
    """The order in SQL and the facet names for its question marks. None comes first when rising."""
    parts, names = [], []
    for name, way in sort:
        direction = "ASC" if way > 0 else "DESC"
        if name == "due":
            parts.append(f"due {direction}")
        else:
            column = "(SELECT value FROM facets f WHERE f.key = documents.key AND f.name = ?)"
            parts.append(f"{column} {direction}")
            names.append(name)
    return ", ".join([*parts, "key"]), names

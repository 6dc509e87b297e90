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
        equal = _equal(where)
        absent = [name for name, value in where.items() if value is None]
        reading = f"SELECT {mapping.DOCUMENT_COLUMNS} FROM documents WHERE key = ?"  # noqa: S608
        with store_errors("list documents"):
            if equal:
                equal.insert(0, equal.pop(self._rarest(equal)))
            chosen, values = _chosen(equal, absent)
            order, names = _order(sort)
            # Keys alone are chosen, counted and sorted; of the documents with their big states only those
            # of the page are read.
            listing = f"SELECT d.key, count(*) OVER () {chosen} ORDER BY {order} LIMIT ? OFFSET ?"
            found = self._connection.execute(listing, [*values, *names, limit, offset]).fetchall()
            if found:
                total = found[0][1]
            else:  # no row says how many there are
                (total,) = self._connection.execute(f"SELECT count(*) {chosen}", values).fetchone()
            rows = [self._connection.execute(reading, (key,)).fetchone() for key, _ in found]
        return Page(tuple(mapping.kept(row) for row in rows), total)

    def _rarest(self, equal: Sequence[tuple[str, Facet]]) -> int:
        """Which of these values the fewest documents have, as far as a short count tells."""
        counting = "SELECT count(*) FROM (SELECT 1 FROM facets WHERE name = ? AND value = ? LIMIT ?)"
        if len(equal) == 1:
            return 0
        for most in _COUNT_UP_TO:
            counts = [self._connection.execute(counting, (*one, most)).fetchone()[0] for one in equal]
            if min(counts) < most:
                break
        return counts.index(min(counts))

    async def tally(self, by: str, over: str, first: str, last: str) -> dict[str, int]:
        # From the period to the values, in this order: both are steps of an index, and no state is read.
        counting = """
            SELECT counted.value, count(*) FROM facets AS period CROSS JOIN facets AS counted
            WHERE period.name = ? AND period.value BETWEEN ? AND ?
              AND counted.key = period.key AND counted.name = ?
            GROUP BY counted.value
        """
        values: tuple[str, ...] = (over, first, last, by)
        if by == over:
            counting = """
                SELECT value, count(*) FROM facets WHERE name = ? AND value BETWEEN ? AND ? GROUP BY value
            """
            values = (over, first, last)
        with store_errors("count documents"):
            return dict(self._connection.execute(counting, values).fetchall())

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        marks = ", ".join("?" * len(values))
        finding = (
            f"SELECT DISTINCT key FROM facets WHERE name = ? AND value IN ({marks}) "  # noqa: S608
            "ORDER BY key LIMIT ?"
        )
        with store_errors("list documents"):
            rows = self._connection.execute(finding, [name, *values, limit]).fetchall()
        return [key for (key,) in rows]


_COUNT_UP_TO = (500, 20_000)
"""So many documents are counted to find the rarest condition, and more only when that does not tell."""


def _equal(where: Mapping[str, Facet]) -> list[tuple[str, Facet]]:
    """The facets and the values that they have to have or contain."""
    return [
        (name, one)
        for name, value in where.items()
        if value is not None
        for one in (value if isinstance(value, tuple) else (value,))
    ]


def _chosen(equal: Sequence[tuple[str, Facet]], absent: Sequence[str]) -> tuple[str, list[Facet]]:
    """The keys that fit, as ``FROM d WHERE ...`` in SQL, and the values for its question marks.

    Those of the first condition are walked through by an index, and the others are looked up for each.
    """
    if not equal:
        parts = ["FROM documents AS d WHERE 1"]
    else:
        parts = ["FROM facets AS d WHERE d.name = ? AND d.value = ?"]
        has = "EXISTS (SELECT 1 FROM facets f WHERE f.key = d.key AND f.name = ? AND f.value = ?)"
        parts += [has] * (len(equal) - 1)
    parts += ["NOT EXISTS (SELECT 1 FROM facets f WHERE f.key = d.key AND f.name = ?)"] * len(absent)
    return " AND ".join(parts), [*(part for one in equal for part in one), *absent]


def _order(sort: Sequence[tuple[str, int]]) -> tuple[str, list[str]]:
    """The order in SQL and the facet names for its question marks. None comes first when rising."""
    parts, names = [], []
    for name, way in sort:
        direction = "ASC" if way > 0 else "DESC"
        if name == "due":
            column = "(SELECT due FROM documents WHERE documents.key = d.key)"
        else:
            column = "(SELECT value FROM facets f WHERE f.key = d.key AND f.name = ?)"
            names.append(name)
        parts.append(f"{column} {direction}")
    return ", ".join([*parts, "d.key"]), names

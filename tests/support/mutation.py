"""Sound JSON with anything at all in one place, for tests with hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

texts = st.text(st.characters(), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(["v1", "found", "p-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def places(value: object, here: Path = ()) -> list[Path]:
    """The path of everything inside a JSON value."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path for key, each in inner for path in ((*here, key), *places(each, (*here, key)))]


def changed(value: Any, path: Path, new: object) -> Any:
    """The value with something else in one place."""
    if not path:
        return new
    copied: Any = value.copy()
    copied[path[0]] = changed(copied[path[0]], path[1:], new)
    return copied

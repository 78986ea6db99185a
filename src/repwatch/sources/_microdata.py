"""The microdata of a page, written as JSON-LD would write it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from repwatch.sources._fragment import of_node
from repwatch.sources._tree import tree

_DEEPEST = 100
_MOST = 20_000
#: Properties may stand in one another: without a limit a nested page is read again at each depth.
_MOST_TEXT = 5_000_000
_VALUE_IN = {"a": "href", "link": "href", "area": "href", "img": "src", "time": "datetime", "data": "value", "meter": "value"}


def microdata(body: bytes) -> Iterator[dict[str, Any]]:
    """Yield the outermost items of a page. Raises NestedTooDeeply for hostile markup."""
    if b"itemscope" not in body:
        return
    scopes: dict[int, dict[str, Any]] = {}
    budget = _MOST_TEXT
    page = tree(body)
    for node in islice(page.css("[itemscope], [itemprop]:not([itemscope])"), _MOST):
        attributes = node.attributes
        value: Any = attributes.get("content") or attributes.get(_VALUE_IN.get(node.tag or "", ""))
        if "itemscope" in attributes:
            value = scopes[node.mem_id] = {"@type": (attributes.get("itemtype") or "").split()}
            if attributes.get("itemid"):
                value["@id"] = attributes["itemid"]
        elif value is None:
            budget -= len(node.html or "") if budget > 0 else 0
            value = of_node(node) if budget > 0 else ""
        owner = _owner(node, scopes)
        if owner is None and "itemscope" in attributes:
            yield value
        for name in (attributes.get("itemprop") or "").split() if owner is not None else ():
            owner.setdefault(name, []).append(value)


def _owner(node: Any, scopes: dict[int, dict[str, Any]]) -> Any:
    for _ in range(_DEEPEST):
        node = node.parent
        if node is None:
            return None
        if node.mem_id in scopes:
            return scopes[node.mem_id]
    return None

"""Decode the JSON that a site sent: in whatever encoding of Unicode, with half surrogate pairs healed."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import from_json

from repwatch.errors import NestedTooDeeply

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(body: bytes | str) -> Any:
    """Return the JSON value in `body`. Raises ValueError when there is none, NestedTooDeeply for one nested beyond reason."""
    try:
        return from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:  # another encoding, half a surrogate pair, a line end inside a string: the thorough decoder knows them
        pass
    try:
        text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "replace").removeprefix("\ufeff")
        told = json.loads(text, strict=False)
        # Half a surrogate pair is JSON, but no text: it could be stored nowhere.
        return json.loads(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")) if _SURROGATE.search(text) else told
    except RecursionError:
        raise NestedTooDeeply("the JSON is nested too deeply to be a real one") from None

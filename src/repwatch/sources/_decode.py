"""Decode the JSON that a site sent: in whatever encoding of Unicode, with half surrogate pairs healed."""

from __future__ import annotations

import json
import re
from typing import Any

from repwatch.errors import NestedTooDeeply

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(body: bytes | str) -> Any:
    """Return the JSON value in `body`. Raises ValueError when there is none, NestedTooDeeply for one nested beyond reason."""
    try:
        text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "replace").removeprefix("\ufeff")
        told = json.loads(text, strict=False)
        # Half a surrogate pair is JSON, but no text: it could be stored nowhere.
        return json.loads(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")) if _SURROGATE.search(text) else told
    except RecursionError:
        raise NestedTooDeeply("the JSON is nested too deeply to be a real one") from None

"""The name of the one scorer that is no model. Apart from `models`, so that a report does not pay for pydantic."""

from __future__ import annotations

#: The scorer's name where a person has spoken: no model overrules it.
PERSON = "person"

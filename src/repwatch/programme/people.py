"""People who take part, known by a code of their own choice: what they agreed to, what they did, what they aim at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from pydantic import Field

from repwatch.models import Consent, Value
from repwatch.wording import N_

Role = Literal["ambassador", "leader", "coached"]
State = Literal["active", "paused"]
#: What a person of each role agrees to, as it stands in the consent record.
PURPOSES: dict[Role, str] = {"ambassador": N_("ambassador programme"), "leader": N_("presence of a leader"), "coached": N_("coaching for oneself")}


class Member(NamedTuple):
    """A person with a consent on record. Paused members stay members; nobody counts a consent that has ended."""

    role: Role
    state: State
    joined: date
    consent: Consent

    @property
    def code(self) -> str:
        """Return the name that the person chose."""
        return self.consent.who


class Action(NamedTuple):
    """Something worth relaying, with suggested words by language."""

    id: int
    title: str
    url: str
    words: dict[str, str]
    day: date


class Relay(NamedTuple):
    """That a member relayed an action. `reach` is an estimate; None where nobody knows."""

    member: str
    action: int
    day: date
    reach: int | None = None
    reactions: int | None = None


class Invited(NamedTuple):
    """How many people were invited on a day."""

    day: date
    n: int


class Standing(Value):
    """How a leader stands on a network on `day`; None where nobody said. `posts` are those of the last 12 months.

    `kept` names the figures that were not said anew on `day`, each with the day on which it was said.
    """

    day: date
    profile: bool | None = None
    contacts: int | None = Field(default=None, ge=0)
    posts: int | None = Field(default=None, ge=0)
    reactions: int | None = Field(default=None, ge=0)
    topics: tuple[str, ...] = ()
    kept: Mapping[str, date] = Field(default_factory=dict)


Measure = Literal["contacts", "posts"]


class Goal(NamedTuple):
    """What a leader wants to reach, until when, and since when."""

    measure: Measure
    target: int
    due: date
    day: date

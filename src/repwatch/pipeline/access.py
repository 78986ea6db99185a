"""By which door a source can be read today, and what to say where there is none: keys, terms, saved pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from repwatch.models import CoverageState, Credential, SourceInfo
from repwatch.refusals import (
    ADVICE,
    CREDENTIALS,
    EXPIRED,
    MEANING,
    NO_CREDENTIAL,
    QUOTA,
    RATE_LIMIT,
    REVOKED,
    TERMS,
)
from repwatch.web.keychain import ABSENT, Account
from repwatch.web.safekeeping import setting

#: Tells how a credential stands.
Accounts = Callable[[Credential], Account]

_ABOUT_KEYS = (CREDENTIALS, EXPIRED, REVOKED, QUOTA, RATE_LIMIT, NO_CREDENTIAL)


class Access(NamedTuple):
    """How a source can be read: `live` with what its walk may know of the account, by a page saved by hand, or not at all."""

    door: Literal["live", "by_hand", "closed"]
    account: dict[str, str] | None = None
    state: CoverageState = "skipped"
    reason: str = ""
    hint: str = ""


def nobody(_credential: Credential) -> Account:
    """Hold no credential."""
    return ABSENT


def access(info: SourceInfo, accounts: Accounts, *, terms_accepted: bool = False) -> Access:
    """Return the door of a source. A credential that the settings name but that cannot be had closes it, and is said."""
    if info.ask_terms and not terms_accepted:
        return Access("closed", reason=TERMS, hint=ADVICE["terms"].format(terms=info.terms))
    door: Literal["live", "by_hand"] = "live" if info.live else "by_hand"
    if info.credentials is None:
        return Access(door)
    account = accounts(info.credentials)
    if account.ready:
        return Access("live", account=account.facts)
    if account.reason:
        return Access("closed", state=_state(account.reason), reason=account.reason, hint=_sentence(account.detail) + hint_for(info, account.reason, account.facts))
    if info.credentials.optional or not info.live:
        return Access(door)
    return Access("closed", reason=NO_CREDENTIAL, hint=hint_for(info, NO_CREDENTIAL))


def hint_for(info: SourceInfo, reason: str, facts: Mapping[str, str] | None = None) -> str:
    """Return what to do about an outcome: for a key the setting, and the page where a new one is made, on the host that `facts` name."""
    general = MEANING.get(reason, ("", ""))[1]
    credential = info.credentials
    if credential is None or reason not in _ABOUT_KEYS:
        return general
    advice = ("more" if credential.optional else "later") if reason in (QUOTA, RATE_LIMIT) else "look"
    return ADVICE[advice].format(setting=setting(credential), page=credential.page.replace("HOST", (facts or {}).get("host", "HOST")))


def _state(reason: str) -> CoverageState:
    if reason == NO_CREDENTIAL:
        return "skipped"
    return "refused" if reason in _ABOUT_KEYS else "failed"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}. " if text else ""

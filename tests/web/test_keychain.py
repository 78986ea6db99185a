"""Where secrets are found, how they become what is sent, and when they are renewed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from repwatch.errors import CredentialError
from repwatch.models import Credential, Page, Refused, Request
from repwatch.web.keychain import ABSENT, Account, Keychain
from repwatch.web.safekeeping import find_secrets, setting

KEY = Credential(name="k", title="a key", scheme="key", send="?key", hosts=("api.example",), page="https://p.example", rights="r")
BEARER = KEY.model_copy(update={"name": "b", "scheme": "bearer", "own_host": True, "hosts": ()})
CLIENT = KEY.model_copy(update={"name": "c", "scheme": "client", "token_url": "https://token.example/t"})
REFRESH = CLIENT.model_copy(update={"name": "r", "scheme": "refresh"})
SESSION = KEY.model_copy(update={"name": "s", "scheme": "session", "hosts": ("bsky.social",)})
API = Request(url="https://api.example/x")


class Wire:
    """Answers in turn, and what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, request: Request) -> Page | Refused:
        self.asked.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, Refused) else Page(request.url, status=answer.pop("status", 200) if isinstance(answer, dict) else 200,
                                                                body=answer if isinstance(answer, bytes) else json.dumps(answer).encode())  # fmt: skip


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("K_KEY", "B_TOKEN", "C_CLIENT_SECRET", "R_CLIENT_SECRET", "R_REFRESH_TOKEN", "S_PASSWORD"):
        monkeypatch.setenv(f"REPWATCH_{name}", f"hush-{name}")


def chain(credential: Credential, *answers: Any, clock: Any = lambda: 0.0, **table: str) -> tuple[Keychain, Wire]:
    keys, wire = Keychain({credential.name: table}, Path(), monotonic=clock), Wire(*answers)
    keys.connect(wire)
    return keys, wire


class TestSafekeeping:
    """Secrets from the environment, a file, the keyring; and what is said where one is not to be had."""

    def wrong(self, credential: Credential = KEY, base: Path = Path(), **table: str) -> str:
        with pytest.raises(CredentialError) as error:
            find_secrets(credential, table, base)
        assert (error.value.reason, error.value.where) == ("no_credential", f"credentials.{credential.name}")
        return error.value.message

    def test_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A variable of its own needs no setting; another one can be named; one that is named must be there."""
        assert find_secrets(KEY, {}, Path()) == {"key": "hush-K_KEY"}
        monkeypatch.setenv("REPWATCH_OTHER", " other ")
        assert find_secrets(KEY, {"key_env": "REPWATCH_OTHER"}, Path()) == {"key": "other"}
        assert self.wrong(key_env="REPWATCH_NONE") == "the variable REPWATCH_NONE is not set"
        monkeypatch.delenv("REPWATCH_K_KEY")
        assert find_secrets(KEY, {}, Path()) == {}

    def test_part_of_a_credential(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A credential that is set in part is named by what is missing."""
        assert self.wrong(REFRESH) == "client_id is not set"
        monkeypatch.delenv("REPWATCH_R_REFRESH_TOKEN")
        assert self.wrong(REFRESH, client_id="c") == "refresh_token is not set"
        assert self.wrong(BEARER) == "host is not set"

    @pytest.mark.parametrize("value", ["", "  ", "two words", "hush’", "a\tb"])
    def test_spoilt(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        """What can be no key is refused without being repeated; a password may be anything."""
        monkeypatch.setenv("REPWATCH_K_KEY", value)
        assert self.wrong() == "key is empty, or holds a character that none has: copy it once more"
        monkeypatch.setenv("REPWATCH_S_PASSWORD", "pass wörd")
        assert find_secrets(SESSION, {"identifier": "i"}, Path()) == {"password": "pass wörd"}

    def test_file(self, tmp_path: Path) -> None:
        """A file is read from the settings' folder, if its owner alone can read it."""
        path = tmp_path / "key"
        path.write_bytes(b"\xef\xbb\xbfhush-file\r\n")
        path.chmod(0o640)
        assert self.wrong(base=tmp_path, key_file="key") == f"others can read {path}: chmod 600 {path}"
        path.chmod(0o600)
        assert find_secrets(KEY, {"key_file": "key"}, tmp_path) == {"key": "hush-file"}
        path.write_bytes(b"\xff")
        assert self.wrong(base=tmp_path, key_file="key") == f"{path} cannot be read: it is no text in UTF-8"
        assert self.wrong(base=tmp_path, key_file="none").endswith("cannot be read: No such file or directory")

    def test_keyring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The keyring is asked by service and name; without its package, locked, or empty, the message says so."""
        monkeypatch.setitem(sys.modules, "keyring", None)
        assert self.wrong(key_keyring="repwatch") == "the keyring needs one more package: pip install keyring"
        ring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
        errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
        held = {("repwatch", "k.key"): "hush-ring"}

        def get_password(service: str, name: str) -> str | None:
            if service == "locked":
                raise errors.KeyringError("hush")
            return held.get((service, name))

        ring.get_password = get_password  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "keyring", ring)
        monkeypatch.setitem(sys.modules, "keyring.errors", errors)
        assert find_secrets(KEY, {"key_keyring": "repwatch"}, Path()) == {"key": "hush-ring"}
        assert self.wrong(key_keyring="other") == "the keyring holds nothing under this name: keyring set other k.key"
        assert self.wrong(key_keyring="locked") == "the keyring cannot be read (KeyringError)"

    def test_setting(self) -> None:
        """A setting is named by its table and the variables of its secrets."""
        assert setting(REFRESH) == "[credentials.r] (REPWATCH_R_CLIENT_SECRET and REPWATCH_R_REFRESH_TOKEN)"


def test_key_and_token() -> None:
    """A key goes under its name, a token as bearer; each to its own host alone."""
    keys, _ = chain(KEY)
    assert keys.account(KEY) == Account(ready=True)
    assert keys.headers("k", API) == {"?key": "hush-K_KEY"}
    with pytest.raises(CredentialError, match="not meant for other"):
        keys.headers("k", Request(url="https://other.example/x"))
    keys, _ = chain(BEARER, host=" https://Social.example/ ")
    assert keys.account(BEARER).facts == {"host": "social.example"}
    assert keys.headers("b", Request(url="https://social.example/x")) == {"authorization": "Bearer hush-B_TOKEN"}
    assert not keys.renew("b", Page("", status=401))


def test_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing set is absence; something spoilt is said; a name that nobody looked for has nothing to send."""
    monkeypatch.delenv("REPWATCH_K_KEY")
    keys = Keychain({}, Path())
    assert keys.account(KEY) == ABSENT
    assert keys.account(BEARER) == Account(ready=False, reason="no_credential", detail="host is not set")
    keys.accepted(KEY)
    with pytest.raises(CredentialError) as error:
        keys.headers("k", API)
    assert error.value.reason == "no_credential"
    assert not keys.renew("k", Page("", status=401))


def test_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client's keys are exchanged once, when first needed, and again a minute before the token runs out."""
    now = [0.0]
    keys, wire = chain(CLIENT, {"access_token": "one", "expires_in": 3600}, {"access_token": "two"}, clock=lambda: now[0], client_id="id:x")
    assert keys.account(CLIENT) == Account(ready=True)
    assert wire.asked == []
    assert [keys.headers("c", API), keys.headers("c", API)] == [{"authorization": "Bearer one"}] * 2
    (asked,) = wire.asked
    assert (asked.url, asked.method, asked.body, asked.headers["authorization"]) == ("https://token.example/t", "POST", b"grant_type=client_credentials", "Basic aWQlM0F4Omh1c2gtQ19DTElFTlRfU0VDUkVU")
    now[0] = 3540.0
    assert keys.headers("c", API) == {"authorization": "Bearer two"}
    now[0] = 1e9
    assert keys.headers("c", API) == {"authorization": "Bearer two"}


def test_refresh() -> None:
    """A refresh token is exchanged with its client's keys; after a 401 once more."""
    keys, wire = chain(REFRESH, {"access_token": "one"}, {"access_token": "two"}, client_id="id")
    keys.account(REFRESH)
    keys.accepted(REFRESH)
    assert wire.asked[0].body == b"grant_type=refresh_token&client_id=id&client_secret=hush-R_CLIENT_SECRET&refresh_token=hush-R_REFRESH_TOKEN"
    assert not keys.renew("r", Page("", status=403))
    assert keys.renew("r", Page("", status=401))
    assert keys.headers("r", API) == {"authorization": "Bearer two"}


def opened(token: str, endpoint: object = "https://pds.example/", **more: Any) -> dict[str, Any]:
    return {"accessJwt": token, "refreshJwt": "again", "didDoc": {"service": [5, {"id": "did:x#atproto_pds", "serviceEndpoint": endpoint}]}, **more}


def test_session() -> None:
    """A session names the account's own server, to which it goes; an ended one is renewed there, an ended renewal signs in anew."""
    keys, wire = chain(SESSION, opened("one"), {"accessJwt": "two", "refreshJwt": "more"}, {"error": "ExpiredToken", "status": 400}, opened("three"), identifier="me.example")
    assert keys.account(SESSION) == Account(ready=True, facts={"host": "https://pds.example"})
    assert json.loads(wire.asked[0].body or b"") == {"identifier": "me.example", "password": "hush-S_PASSWORD"}
    there = Request(url="https://pds.example/xrpc/x")
    assert keys.headers("s", there) == {"authorization": "Bearer one"}
    assert keys.renew("s", Page("", status=400, body=b'{"error":"ExpiredToken"}'))
    assert [wire.asked[1].url, wire.asked[1].headers] == ["https://pds.example/xrpc/com.atproto.server.refreshSession", {"authorization": "Bearer again"}]
    assert keys.headers("s", there) == {"authorization": "Bearer two"}
    assert keys.renew("s", Page("", status=401))
    assert keys.headers("s", there) == {"authorization": "Bearer three"}


@pytest.mark.parametrize("endpoint", ["http://pds.example", "nothing", None])
def test_session_without_a_safe_server(endpoint: object) -> None:
    """Where no https address is named, or no document given, the door to the network is asked."""
    keys, _ = chain(SESSION, opened("one", endpoint), identifier="i")
    assert keys.account(SESSION).facts == {"host": "https://bsky.social"}
    keys, _ = chain(SESSION, opened("one", didDoc=None), identifier="i")
    assert keys.account(SESSION).facts == {"host": "https://bsky.social"}


@pytest.mark.parametrize(("answer", "reason"), [
    ({"error": "AuthenticationRequired", "message": "hush", "status": 401}, "credentials"), ({"error": "invalid_grant", "status": 400}, "credentials_expired"),
    ({"error": "AccountTakedown", "status": 401}, "credentials_revoked"), ({"error": {"message": "hush"}, "status": 400}, "credentials"), (Refused(reason="timeout"), "timeout"),
    ({"error": "invalid_client"}, "credentials"), ({"access_token": 5, "refreshJwt": ""}, "api_error"), (b"<html>", "api_error"), (b"[]", "api_error"), ([1], "api_error"),
])  # fmt: skip
def test_sign_in_refused(answer: Any, reason: str) -> None:
    """A refusal has its reason and none of the site's words, and is not asked for a second time."""
    for credential, table in ((CLIENT, {"client_id": "i"}), (SESSION, {"identifier": "i"})):
        keys, wire = chain(credential, dict(answer) if isinstance(answer, dict) else answer, **table)
        account = keys.account(credential) if credential is SESSION else None
        if account is None:
            keys.account(credential)
            with pytest.raises(CredentialError) as error:
                keys.headers(credential.name, API)
            told = (error.value.reason, error.value.message)
        else:
            told = (account.reason, account.detail)
        assert told[0] == reason
        assert "hush" not in told[1]
        with pytest.raises(CredentialError):
            keys.accepted(credential)
        assert len(wire.asked) == 1


def test_renewing_fails() -> None:
    """Where signing in anew is refused, nothing was renewed."""
    keys, wire = chain(CLIENT, {"access_token": "one"}, {"error": "invalid_client", "status": 401}, client_id="i")
    keys.account(CLIENT)
    keys.headers("c", API)
    assert not keys.renew("c", Page("", status=401))
    assert len(wire.asked) == 2


def test_offline() -> None:
    """Without a way to the network it is told that a session is set, and nothing is tried."""
    keys = Keychain({"s": {"identifier": "i"}}, Path())
    assert keys.account(SESSION) == Account(ready=True)
    keys.accepted(SESSION)
    with pytest.raises(CredentialError):
        keys.headers("s", API)

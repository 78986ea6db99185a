"""Credentials in the settings, and what doctor says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Cli, Ran
from tests.cli.test_hosts import WATCHED, settings
from tests.hosts import SECRETS, Hosts, told
from tests.loopback import Web


@pytest.fixture
def hosts(web: Web, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    """Serve every interface, hand over the keys."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    hosts = Hosts(web)
    hosts.limits.clear()
    return hosts


@pytest.mark.parametrize(("table", "place", "hint"), [
    ('[credentials.bluesky]\nidentifier = "a"\npassword = "planted"', "repwatch.toml:3: credentials.bluesky.password: a secret does not stand in the settings",
     'Take it out. Put it into the variable REPWATCH_BLUESKY_PASSWORD, or into a file that you alone can read: password_file = "..."'),
    ("[credentials.blusky]", "repwatch.toml:1: credentials.blusky: repwatch knows no such credential", "Did you mean 'bluesky'?"),
    ("[credentials.zzzzzzz]", "repwatch.toml:1: credentials.zzzzzzz: repwatch knows no such credential", "Known here: bluesky, github, google_business, linkedin_page, mastodon, reddit"),
    ('[credentials.youtube]\nkee = "planted"', "repwatch.toml:2: credentials.youtube.kee: repwatch knows no such key", "Did you mean 'key_env'?"),
    ('[credentials.youtube]\nkey_env = "planted"', "credentials: youtube.key_env names an environment variable, which begins with REPWATCH_ and has capitals", "config.example.toml"),
    ("[credentials.youtube]\nkey = 5", "credentials.youtube.key: a text in quotes is needed", "config.example.toml"),
    ('[credentials]\nyoutube = "planted"', "credentials.youtube: a table is needed", "config.example.toml"),
])  # fmt: skip
def test_wrong_settings(cli: Cli, table: str, place: str, hint: str) -> None:
    """A secret in the settings, an unknown credential or key, and a secret in the place of a variable are errors that never repeat it."""
    Path("repwatch.toml").write_text(f'{table}\n[[employer]]\nname = "Acme"\n')
    ran = cli("check", "--data-dir", "data")
    assert (ran.code, ran.out) == (2, "")
    assert place in ran.err
    assert hint in ran.err
    assert "planted" not in ran.err.replace("key_env = ", "")


def test_an_address_is_not_repeated(cli: Cli) -> None:
    """The message on a wrong address leaves its secret out."""
    Path("repwatch.toml").write_text('[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "feed"\nurl = "press.example/rss?token=planted"\n')
    ran = cli("check")
    assert ran.code == 2
    assert "(it is 'press.example/rss?token=REDACTED')" in ran.err


def test_named_but_not_to_be_had(cli: Cli, web: Web, hosts: Hosts) -> None:
    """A secret that the settings name and that is not there costs its own source, with the reason; the others are read."""
    settings(web, "github", "youtube", tables='[credentials.youtube]\nkey_file = "none"\n[credentials.github]\ntoken_env = "REPWATCH_NONE"')
    ran = cli("check", "--data-dir", "data", "--format", "json")
    hints = {row["source"]: (row["state"], row["reason"], row["hint"].partition(" Look at")[0]) for row in ran.data["coverage"]}
    assert hints == {"youtube": ("skipped", "no_credential", "None cannot be read: No such file or directory."), "github": ("skipped", "no_credential", "The variable REPWATCH_NONE is not set.")}
    assert (ran.code, web.asked) == (4, [])


def findings(ran: Ran) -> dict[str, tuple[str, str]]:
    """Return state and what was seen of each credential."""
    return {row["what"].removeprefix("credential "): (row["state"], row["seen"]) for row in ran.data["checks"] if row["what"].startswith("credential ")}


def doctor(cli: Cli, *more: str) -> Any:
    return cli("doctor", "--data-dir", "data", "--format", "json", *more)


def test_doctor_tries_each_credential(cli: Cli, web: Web, hosts: Hosts) -> None:
    """Doctor signs in, or asks what costs little, and says that each is accepted; offline that it is set."""
    settings(web)
    ran = doctor(cli)
    accepted = dict.fromkeys(("bluesky", "github", "google_business", "mastodon", "reddit", "stackexchange", "trustpilot", "youtube"), ("ok", "accepted"))
    assert findings(ran) == accepted | {"linkedin_page": ("ok", "it is set; the next check shows whether it is accepted")}
    assert [each.path for each in web.of("www.googleapis.com")] == ["/youtube/v3/i18nLanguages"]
    web.asked.clear()
    assert set(findings(doctor(cli, "--offline")).values()) == {("ok", "it is set; --offline was given, so it was not tried")}
    assert web.asked == []


def test_doctor_on_refused_and_missing_credentials(cli: Cli, web: Web, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused, missing or spoilt is wrong and says what to do; what a source does without is not."""
    for name in ("YOUTUBE_KEY", "GITHUB_TOKEN", "TRUSTPILOT_KEY"):
        monkeypatch.delenv(f"REPWATCH_{name}")
    monkeypatch.setenv("REPWATCH_BLUESKY_PASSWORD", "wrong")
    monkeypatch.setenv("REPWATCH_MASTODON_TOKEN", "wrong")
    monkeypatch.setenv("REPWATCH_REDDIT_CLIENT_SECRET", "two words")
    hosts.wrong["oauth2.googleapis.com"] = told({"error": "invalid_grant"}, 400)
    hosts.wrong["api.stackexchange.com"] = told({"error": "x"}, 500)
    settings(web, *(name for name in WATCHED if name not in ("linkedin_page", "discourse")))
    ran = doctor(cli)
    assert findings(ran) == {
        "bluesky": ("wrong", "signing in: the key or password was not accepted"), "github": ("skipped", "none is set; the source works without"),
        "google_business": ("wrong", "signing in: the key or token has expired"), "mastodon": ("wrong", "the key or password was not accepted"),
        "reddit": ("wrong", "client_secret is empty, or holds a character that none has: copy it once more"), "stackexchange": ("wrong", "the site has a fault of its own"),
        "trustpilot": ("skipped", "none is set; the source works without"), "youtube": ("wrong", "none is set"),
    }  # fmt: skip
    (row,) = [row for row in ran.data["checks"] if row["what"] == "credential google_business"]
    assert "[credentials.google_business]" in row["do"]
    assert ran.code == 3


def test_doctor_on_terms(cli: Cli, web: Web, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google News is skipped until its terms are accepted; then it is asked what a check asks, and the site's consent page is told."""
    settings(web, "googlenews")
    (row,) = [row for row in doctor(cli).data["checks"] if row["what"] == "googlenews (Acme)"]
    assert (row["state"], row["seen"]) == ("wrong", "the site shows its consent page instead of the answer (consent page)")
    monkeypatch.setitem(WATCHED, "googlenews", 'query = "Acme"')
    settings(web, "googlenews")
    (row,) = [row for row in doctor(cli).data["checks"] if row["what"] == "googlenews (Acme)"]
    assert (row["state"], row["seen"]) == ("skipped", "its terms are not accepted in the settings")

"""Settings: where they come from, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.config import (
    EmployerSettings,
    Loaded,
    Settings,
    SourceSettings,
    data_dir,
    load,
)
from repwatch.errors import Exit, SettingsError
from repwatch.models import Employer
from repwatch.settings_file import find_file, language_told
from repwatch.toml_lines import lines_of

FULL = """\
language = "nl"
timezone = "Europe/Brussels"
contact = "me@example.com"

[web]
retries = 3

[[employer]]
name = "Colruyt"
aliases = ["Colruyt Group"]

[[employer.source]]
source = "glassdoor"
url = "https://www.glassdoor.com/x"

[[employer.source]]
source = "hackernews"
query = "colruyt"

[[employer]]
name = "Delhaize"

[[employer.source]]
source = "feed"
url = "https://example.com/feed"
max_pages = 2
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with an empty environment."""
    for name in ("CONFIG", "DATA_DIR", "LANGUAGE", "TIMEZONE", "CONTACT", "GATEWAY"):
        monkeypatch.delenv(f"REPWATCH_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user-config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user-data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def written(text: str | bytes, name: str = "repwatch.toml") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refused(text: str | bytes) -> SettingsError:
    written(text)
    with pytest.raises(SettingsError) as caught:
        load()
    assert Exit.USAGE is caught.value.exit_code
    return caught.value


def test_no_file_is_the_defaults() -> None:
    """Without a file everything has a value."""
    loaded = load()
    assert (Settings(), None) == (loaded.settings, loaded.path)
    assert (loaded.settings.language, loaded.settings.archive_days, loaded.settings.stale_after, loaded.settings.first_days, loaded.settings.employers) == ("en", 30, 14, 90, ())


def test_a_full_file_is_read() -> None:
    """Tables, lists of tables, and lists within them."""
    written(FULL)
    settings = load().settings
    assert (settings.language, settings.timezone, settings.contact, settings.web.retries) == ("nl", "Europe/Brussels", "me@example.com", 3)
    colruyt, delhaize = settings.employers
    assert (SourceSettings(source="glassdoor", url="https://www.glassdoor.com/x"), SourceSettings(source="hackernews", query="colruyt")) == colruyt.sources
    assert delhaize.sources[0].max_pages == 2
    assert Employer(name="Colruyt", aliases=("Colruyt Group",)) == colruyt.employer
    assert type(colruyt.employer) is Employer


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("language",), 1), (("web",), 5), (("web", "retries"), 6), (("employer", 0), 8), (("employer", 0, "aliases"), 10),
        (("employer", 0, "source", 1), 16), (("employer", 0, "source", 1, "query"), 18), (("employer", 1, "source", 0, "max_pages"), 26),
        (("employer", 1, "source", 0, "stale_after"), 23), (("employer", 1, "domain"), 20), (("web", "gateway"), 5),
    ],
)  # fmt: skip
def test_every_key_has_its_line(key: tuple[str | int, ...], line: int) -> None:
    """A key that is not written has the line of its table."""
    written(FULL)
    assert f"repwatch.toml:{line}" == load().where(*key)


@pytest.mark.parametrize(
    ("text", "where", "message", "hint"),
    [
        ("langage = 'en'", "1", "langage: repwatch knows no such key", "Did you mean 'language'?"),
        ("\n# x\nstale_afer = 3", "3", "stale_afer: repwatch knows no such key", "Did you mean 'stale_after'?"),
        ("[web]\nretrys = 1", "2", "web.retrys: repwatch knows no such key", "Did you mean 'retries'?"),
        ("[[employer]]\nname = 'a'\nalias = []", "3", "employer[1].alias: repwatch knows no such key", "Did you mean 'aliases'?"),
        (
            "[[employer]]\nname = 'a'\n[[employer.source]]\nsource = 'x'\nurll = 'https://a.b'",
            "5", "employer[1].source[1].urll: repwatch knows no such key", "Did you mean 'url'?",
        ),
        (
            "[[employer]]\nname = 'a'\n[[employer.source]]\nsource = 'x'\nzzz = 1",
            "5", "employer[1].source[1].zzz: repwatch knows no such key", "Known here: accept_terms, max_pages, query, source, stale_after, url.",
        ),
        ("[[employer]]\nname = 'a'\n[[employer.source]]\nurl = 'https://a.b'", "3", "employer[1].source[1].source: this key is needed", "Compare"),
        ("[[employer]]\nname = 'a'\n[[employer.source]]\nsource = 'x'\nurl = 'a.b'", "5",
         "employer[1].source[1].url: a full web address starts with https:// (it is 'a.b')", "Compare"),
        ("[[employer]]\nname = 'a'\n[[employer.source]]\nsource = 'x'\nmax_pages = 0", "5", "employer[1].source[1].max_pages: the least is 1 (it is 0)", "Compare"),
        ("[[employer]]\nname = 'a'\n[[employer.source]]\nsource = 'x'\nurl = 'https://[a'", "5", "employer[1].source[1].url: invalid IPv6 URL", "Compare"),
        ("timezone = 'Mars/Olympus'", "1", "timezone: a time zone looks like \"Europe/Brussels\" (it is 'Mars/Olympus')", "Compare"),
        ("timezone = '../etc/passwd'", "1", "timezone: a time zone looks like", "Compare"),
        ("timezone = ''", "1", "timezone: a time zone looks like", "Compare"),
        ("language = 'es'", "1", "language: it must be one of: en, fr, nl, de (it is 'es')", "Compare"),
        ("[[alert]]\nkind = 'nope'", "2", "alert[1].kind: it must be one of: 'negative_review', 'answer_overdue', 'change', 'volume', 'topic', 'word', 'vanished', 'peer_overtakes', 'blind', 'claimed', 'badge' (it", "Compare"),
        ("language = 3", "1", "language: a text in quotes is needed (it is 3)", "Compare"),
        ("archive_days = -1", "1", "archive_days: the least is 0 (it is -1)", "Compare"),
        ("stale_after = 'x'", "1", "stale_after: a whole number is needed (it is 'x')", "Compare"),
        ("web = 3", "1", "web: a table is needed", "Compare"),
        ("employer = 3", "1", "employer: a list in square brackets is needed (it is 3)", "Compare"),
        ("employer = [3]", "1", "employer[1]: a table is needed", "Compare"),
        ("[employer]\nname = 'a'", "1", "employer: a list in square brackets is needed", "Compare"),
        ("[[employer]]\naliases = 'a'", "1", "employer[1].name: this key is needed (and 1 more)", "Compare"),
        ("[\"web\"]\n\"retries\" = 'x'", "2", "web.retries: a whole number is needed (it is 'x')", "Compare"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(text: str, where: str, message: str, hint: str) -> None:
    """File and line, the key as it is written, what is wrong, and what would be right."""
    error = refused(text)
    assert f"repwatch.toml:{where}" == error.where
    assert error.message.startswith(message)
    assert error.hint.startswith(hint)


def test_a_key_like_no_other_gets_the_list() -> None:
    """Without a near name all known ones are told, as they are written in the file."""
    error = refused("zzzzzz = 1")
    assert error.hint == "Known here: alert, alerts, answer_within_days, archive_days, contact, credentials, data_dir, employer, first_days, inbox, language, privacy, recheck_days, scorer, stale_after, timezone, web."
    assert "source" in refused("[[employer]]\nname='a'\nzzzzzz = 1").hint


@pytest.mark.parametrize("text", ["language = ", "[web", "a = 1\na = 2", "language = en"])
def test_bad_toml_names_its_line(text: str) -> None:
    """What is no TOML says where."""
    error = refused("\n" + text)
    assert error.message.startswith("this is not valid TOML")
    assert error.where.startswith("repwatch.toml")
    assert "Texts stand in quotes" in error.hint


def test_bad_toml_with_a_line_number() -> None:
    """The line that the parser names is the place."""
    assert refused("\nlanguage = en\n").where == "repwatch.toml:2"


def test_a_misspelt_key_is_named_before_what_it_stands_for() -> None:
    """`sorce` is not answered with "source is needed"."""
    error = refused('[[employer]]\nname = "Acme"\n[[employer.source]]\nsorce = "feed"\nurl = "https://a.example"\n')
    assert str(error) == "repwatch.toml:4: employer[1].source[1].sorce: repwatch knows no such key (and 1 more)"
    assert error.hint == "Did you mean 'source'?"


@pytest.mark.parametrize(("line", "said"), [
    ("read_s = -1", "read_s: it must be more than 0 (it is -1)"), ("total_s = 0", "total_s: it must be more than 0 (it is 0)"), ("connect_s = 0.0", "connect_s: it must be more than 0 (it is 0.0)"),
    ("retries = -3", "retries: the least is 0 (it is -3)"), ("retries = 11", "retries: the most is 10 (it is 11)"), ("max_bytes = 0", "max_bytes: the least is 1 (it is 0)"),
    ("max_redirects = -1", "max_redirects: the least is 0 (it is -1)"), ("longest_wait_s = -5", "longest_wait_s: the least is 0 (it is -5)"),
])  # fmt: skip
def test_what_no_client_can_do(line: str, said: str) -> None:
    """Times that are none and counts below zero are refused with their line."""
    assert str(refused(f"[web]\n{line}\n")) == f"repwatch.toml:2: web.{said}"


def test_an_employer_without_a_name() -> None:
    """An empty name is no name: items that name nobody bear it."""
    assert "employer[1].name: a text that is not empty is needed" in str(refused('[[employer]]\nname = ""\n'))
    assert "headcount: the least is 1" in str(refused('[[employer]]\nname = "Acme"\nheadcount = -4\n'))


def test_the_same_employer_twice() -> None:
    """Whatever its letters, an employer stands once; both places are named."""
    error = refused('[[employer]]\nname = "Acme"\n[[employer]]\nname = "Beta"\n[[employer]]\nname = "ACME"\n')
    assert str(error) == "repwatch.toml:6: employer[3].name: 'ACME' stands here twice, first at repwatch.toml:2"
    assert error.hint == "Put its sources under one [[employer]]."


def test_a_byte_order_mark_does_no_harm() -> None:
    """Windows editors write one."""
    written(b"\xef\xbb\xbflanguage = 'fr'")
    assert load().settings.language == "fr"


@pytest.mark.parametrize("body", [b"\xff\xfea\x00", b"contact = '\xe9'"])
def test_another_charset_is_named(body: bytes) -> None:
    """UTF-16 and Latin-1 are refused with what would be right."""
    error = refused(body)
    assert error.message.startswith("the file cannot be read")
    assert (error.where, error.hint) == ("repwatch.toml", "It must be a text file in UTF-8.")


@pytest.mark.parametrize("name", ["nowhere.toml", "."])
@pytest.mark.parametrize("by", ["flag", "environment"])
def test_a_named_file_must_be_there(name: str, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names a file means it: no silent default."""
    monkeypatch.setenv("REPWATCH_CONFIG", name if by == "environment" else "")
    with pytest.raises(SettingsError) as caught:
        load(Path(name) if by == "flag" else None)
    assert ("there is no settings file here", name, "Make one with: repwatch init") == (caught.value.message, caught.value.where, caught.value.hint)


def test_the_order_of_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag over REPWATCH_CONFIG over ./repwatch.toml over the user's own."""
    assert find_file() is None
    user = written("", str(home / "user-config" / "repwatch" / "repwatch.toml"))
    assert user == find_file()
    here = written("")
    assert here == find_file()
    named = written("", "named.toml")
    monkeypatch.setenv("REPWATCH_CONFIG", "named.toml")
    assert named == find_file()
    flagged = written("", "flag.toml")
    assert flagged == find_file(flagged)
    monkeypatch.setenv("REPWATCH_CONFIG", "")
    (home / "else").mkdir()
    monkeypatch.chdir(home / "else")
    assert user == find_file()


@pytest.mark.parametrize(("key", "value"), [("language", "de"), ("timezone", "Europe/Paris"), ("contact", "you@example.com")])
def test_the_environment_wins_over_the_file(key: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """REPWATCH_LANGUAGE and its like override the file; empty ones do not."""
    written(FULL)
    monkeypatch.setenv(f"REPWATCH_{key.upper()}", "")
    assert value != getattr(load().settings, key)
    monkeypatch.setenv(f"REPWATCH_{key.upper()}", value)
    assert value == getattr(load().settings, key)


def test_the_gateway_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """REPWATCH_GATEWAY adds to [web] and keeps the rest of it."""
    monkeypatch.setenv("REPWATCH_GATEWAY", "127.0.0.1:9")
    assert load().settings.web.gateway == "127.0.0.1:9"
    written("[web]\nretries = 7\ngateway = 'x'")
    assert (load().settings.web.gateway, load().settings.web.retries) == ("127.0.0.1:9", 7)


def test_a_gateway_beside_a_wrong_web_is_a_plain_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`web = 3` is a wrong setting, with a gateway in the environment too."""
    monkeypatch.setenv("REPWATCH_GATEWAY", "127.0.0.1:9")
    assert refused("web = 3").where == "repwatch.toml:1"


def test_a_wrong_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file the place of a wrong value is the environment."""
    monkeypatch.setenv("REPWATCH_LANGUAGE", "xx")
    with pytest.raises(SettingsError) as caught:
        load()
    assert caught.value.where == "environment"


def test_the_order_of_data_folders(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag over REPWATCH_DATA_DIR over the file over the user's own."""
    assert home / "user-data" / "repwatch" == data_dir(load())
    written("data_dir = 'kept'", "sub/my.toml")
    loaded = load(Path("sub/my.toml"))
    assert Path("sub/kept") == data_dir(loaded)
    monkeypatch.setenv("REPWATCH_DATA_DIR", "/env")
    assert Path("/env") == data_dir(loaded)
    assert Path("flagged") == data_dir(loaded, Path("flagged"))


@pytest.mark.parametrize(("said", "expected"), [("/abs", Path("/abs")), ("~/kept", None), ("kept", Path("kept"))])
def test_a_data_folder_in_the_settings(said: str, expected: Path | None, home: Path) -> None:
    """Absolute as it stands, ~ is the home, else beside the settings file."""
    assert (expected or home / "home" / "kept") == data_dir(Loaded(Settings(data_dir=said)))


def test_an_error_for_a_key() -> None:
    """Checks beyond the model name the key and its line as well."""
    written(FULL)
    error = load().wrong(("employer", 1, "source", 0, "source"), "no such source", "See: repwatch sources")
    assert str(error) == "repwatch.toml:24: employer[2].source[1].source: no such source"
    assert error.hint == "See: repwatch sources"
    assert load().wrong((), "wrong").message == "settings: wrong"


def test_url_or_query_or_neither() -> None:
    """One target at most."""
    assert SourceSettings(source="x").url is None
    assert EmployerSettings(name="a").sources == ()


@given(st.text())
def test_any_text_has_lines(text: str) -> None:
    """Finding lines never fails, whatever the text."""
    assert all(number >= 1 for number in lines_of(text).values())


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "source", "url", "x"]), inner, max_size=3), max_leaves=6),
       st.sampled_from(["language", "employer", "web", "data_dir", "x", "employers"]))  # fmt: skip
def test_any_value_is_settings_or_a_settings_error(value: object, key: str) -> None:
    """No content of a valid TOML file is a crash."""
    from pydantic import ValidationError

    from repwatch.config import _explain, _rename

    try:
        settings = Settings.model_validate(_rename({key: value}))
    except ValidationError as error:
        answer: Settings | SettingsError = _explain(error, Path("f"), {})
    else:
        answer = settings
    assert isinstance(answer, Settings | SettingsError)


@pytest.mark.parametrize(("text", "expected"), [('language = "fr"', "fr"), ("language = 3", None), ("language = ", None), ("", None)])
def test_the_language_is_known_before_the_settings_are_read(tmp_path: Path, text: str, expected: str | None) -> None:
    """A broken file names no language: what is wrong with it is said later, in English."""
    path = tmp_path / "told.toml"
    path.write_text(text)
    assert language_told(path) == expected


def test_the_environment_names_the_language_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REPWATCH_LANGUAGE wins over the file; a missing file names none."""
    assert language_told(tmp_path / "missing.toml") is None
    monkeypatch.setenv("REPWATCH_LANGUAGE", "de")
    assert language_told(tmp_path / "missing.toml") == "de"

"""Sources added to a settings file: what stands there stays, comments included."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repwatch.errors import SettingsError
from repwatch.pipeline import adding
from repwatch.pipeline.adding import Found, add_sources

names = st.sampled_from(["Acme", 'A "B" c', "Éclair # 1", "x\\y"])
pages = st.sampled_from(["https://a.example/1", "https://a.example/2"])
blocks = st.lists(st.tuples(names, st.lists(pages, max_size=2, unique=True), st.sampled_from(["", "# a remark", 'aliases = ["A"]\n', "\n\n"])), max_size=3, unique_by=lambda block: block[0])
found = st.lists(st.builds(Found, st.sampled_from(["feed", "jsonld"]), pages, query=st.none(), remark=st.sampled_from(["", "a guess"])), max_size=3, unique_by=lambda each: (each.source, each.url))


def written(every: list[tuple[str, list[str], str]], after: str) -> str:
    """Write settings as people do, a table after the employers included."""
    text = "# mine\nlanguage = 'fr'  # spoken here\n"
    for name, urls, more in every:
        text += f"\n[[employer]]\nname = {json.dumps(name, ensure_ascii=False)}\n{more}\n"
        text += "".join(f"[[employer.source]]\nsource = 'feed'   # kept\nurl = {json.dumps(url)}\n" for url in urls)
    return text + after


@given(blocks, st.sampled_from(["", "\n[web]\nretries = 1\n"]), names, found)
def test_what_stands_there_stays(every: list[tuple[str, list[str], str]], after: str, name: str, new: list[Found]) -> None:
    """Every line of the old file is in the new one, in order; a second time there is nothing to add."""
    text = written(every, after)
    result, added = add_sources(text, name, None, new)
    lines = iter(result.splitlines())
    assert all(line in lines for line in text.splitlines() if line.strip())
    again, more = add_sources(result, name, None, new)
    assert (again, more) == (result, [])
    employer = next((each for each in tomllib.loads(result).get("employer", []) if each["name"] == name), {})
    assert {(each.source, each.url) for each in new} <= {(each["source"], each["url"]) for each in employer.get("source", [])}
    assert len(added) <= len(new)


def test_a_new_file() -> None:
    """Without a file the employer is written with its domain."""
    text, added = add_sources("", "Acme", "acme.example", [Found("hackernews", query='"Acme Belgium"')])
    assert tomllib.loads(text) == {"employer": [{"name": "Acme", "domain": "acme.example", "source": [{"source": "hackernews", "query": '"Acme Belgium"'}]}]}
    assert len(added) == 1


def test_a_search_is_there_once() -> None:
    """A search that the settings hold, whatever its words, is not added beside it."""
    text = '[[employer]]\nname = "Acme"\n[[employer.source]]\nsource = "gdelt"\nquery = "acme nv"\n'
    assert add_sources(text, "ACME", None, [Found("gdelt", query="Acme")]) == (text, [])


def test_a_file_that_would_change_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """When what would be written does not read as the old settings and the new sources, nothing is written."""
    monkeypatch.setattr(adding, "_table", lambda _found: {"source": "other"})
    with pytest.raises(SettingsError, match="cannot be extended"):
        add_sources('[[employer]]\nname = "Acme"\n', "Acme", None, [Found("feed", "https://a.example")])

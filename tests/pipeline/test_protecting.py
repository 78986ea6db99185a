"""Pseudonyms, keyed places, and items as they may be stored."""

from __future__ import annotations

import pytest

from repwatch.models import Interview, Mention, Response, Review
from repwatch.pipeline.normalise import load_key
from repwatch.pipeline.protecting import is_pseudonym, keyed, protect, protect_stored, pseudonym, rekey_stored
from repwatch.text.masking import Masker

KEY, PART = b"k" * 32, b"p" * 32
MASKER = Masker()


@pytest.mark.parametrize(("place", "account"), [
    ("at://did:plc:abc/app.bsky.feed.post/3k", "did:plc:abc"), ("https://bsky.app/profile/an.bsky.social/post/3k", "an.bsky.social"), ("https://mastodon.social/@an/109", "an"),
    ("https://mastodon.social/@an@other.example/109", "an@other.example"), ("https://mastodon.social/users/an/statuses/109", "an"), ("https://www.reddit.com/user/an/comments/1/x/", "an"),
    ("https://www.reddit.com/r/u_an/comments/1/", "an"), ("https://www.linkedin.com/in/an-p-1/", "an-p-1"), ("https://www.linkedin.com/posts/an-p-1_hiring-activity-7", "an-p-1"),
    ("https://x.com/an/status/17", "an"), ("https://www.facebook.com/an.p/posts/17", "an.p"), ("https://medium.com/@an/story-1", "an"), ("https://news.ycombinator.com/user?id=an", "an"),
    ("https://www.youtube.com/channel/UCabc", "UCabc"), ("https://forum.example/u/an", "an"), ("https://stackoverflow.com/users/12/an", "12/an"),
    ("https://www.instagram.com/an.p/reel/abc", "an.p"), ("https://gist.github.com/an-p/0a1b2c", "an-p"), ("https://dev.to/an_p/a-post-1", "an_p"), ("https://an-p.medium.com/a-story-1", "an-p"),
])  # fmt: skip
def test_places_that_name_an_account(place: str, account: str) -> None:
    """Exactly the account is replaced, in ids and addresses of every kind."""
    assert keyed(place, lambda name: f"[{name}]") == place.replace(account, f"[{account}]", 1)


@pytest.mark.parametrize("place", ["https://www.reddit.com/r/belgium/comments/1/x/", "https://news.ycombinator.com/item?id=1", "https://github.com/acme/tool/issues/3", "t3_abc", "https://press.example/2026/acme",
    "https://www.glassdoor.be/Reviews/Acme-Reviews-E1.htm", "https://www.facebook.com/groups/1/posts/2", "https://x.com/i/status/17", "https://www.instagram.com/p/abc/", "https://medium.com/acme/a-story-1", "https://blog.medium.com/a-story-1", "https://dev.to/t/work", "https://lemmy.world/post/1", "12345"])  # fmt: skip
def test_places_that_name_nobody(place: str) -> None:
    """Addresses of posts, groups, pages and projects stay as they are."""
    assert place == keyed(place, lambda name: "X")


def test_a_key_of_parts_lays_one_over_the_other() -> None:
    """A rotated key gives the pseudonym of the pseudonym, so that old items can follow without their author's name."""
    once = pseudonym(KEY, "x", "an")
    assert pseudonym(PART, "x", once) == pseudonym(KEY + PART, "x", "an")
    item = {"source": "x", "type": "mention", "author": once, "native_id": f"at://{once}/post/1", "url": f"https://mastodon.social/@{once}/1", "text": "t"}
    twice = pseudonym(KEY + PART, "x", "an")
    assert rekey_stored(item, PART) == {**item, "author": twice, "native_id": f"at://{twice}/post/1", "url": f"https://mastodon.social/@{twice}/1"}
    assert is_pseudonym(twice)
    assert rekey_stored({"source": "x", "author": None, "native_id": "1", "url": None}, PART)["native_id"] == "1"


def test_items_and_their_stored_form_are_protected_alike() -> None:
    """What is stored of an item is what protecting its stored form gives; doing it again changes nothing."""
    for item in (
        Mention(source="bluesky", native_id="at://did:plc:abc/app.bsky.feed.post/3k", url="https://bsky.app/profile/did:plc:abc/post/3k", author="an", text="Bel 0470/12.34.56", title="@an"),
        Review(source="x", pros="a@b.be", cons="fine", job_title="cook 0470/12.34.56", responses=(Response(text="mail a@b.be"), Response(text="thanks"))),
        Interview(source="x", process="see linkedin.com/in/an-p-1", questions=("NISS 85.07.30-033.28?", "Why?")),
    ):
        neat = protect(item, KEY, MASKER)
        assert neat.model_dump(mode="json") == protect_stored(item.model_dump(mode="json"), KEY, MASKER)
        assert neat == protect(neat, KEY, MASKER)
        assert neat != item
    assert protect(Review(source="x", pros="fine"), KEY, MASKER) == Review(source="x", pros="fine")


def test_without_a_key_an_author_is_dropped() -> None:
    """No key, no pseudonym; and nobody's name."""
    assert protect(Mention(source="x", author="an"), None, MASKER).author is None  # type: ignore[union-attr]  # a mention
    assert protect_stored({"source": "x", "author": "an"}, None, MASKER)["author"] is None


def test_a_key_file_of_several_lines(tmp_path: object) -> None:
    """A rotated key file holds a line a part."""
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "pseudonym.key").write_text(KEY.hex() + "\n" + PART.hex() + "\n")
    assert load_key(folder) == KEY + PART

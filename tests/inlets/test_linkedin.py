"""A member's export: how many contacts, which posts and comments, and never a name."""

from __future__ import annotations

import io
import zipfile

import pytest

from repwatch.errors import UnreadableError
from repwatch.inlets import linkedin
from repwatch.models import Mention, Presence, Problem

ENGLISH = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\nInvented,Person,https://www.linkedin.com/in/x,,Acme,Cook,05 Mar 2024\r\n,,,,,,\r\n"
GERMAN = "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am\nErfundene,Person,,,,,03 Apr 2022\nNoch,Eine,,,,,\n"
FRENCH = "Prénom,Nom,URL,Adresse e-mail,Entreprise,Poste,Connecté le\nInventée,Personne,,,,,03 avr. 2022\n"
COMMENTS = (
    "Date,Link,Message\n"
    '2024-06-10 18:53:49,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A1,"Back on the \\"best\\" team,\n\nwell done"\n'
    '2024-06-11 00:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A1,"He said: \\"fine.\\""\n'
    ",https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A2,No date here\n"
    '2024-06-12 00:00:00,https://www.linkedin.com/feed/b,"torn" apart, here\n'
)


def packed(**files: str) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", " ") + ".csv", text)
    out.seek(0)
    return out


def test_whole_export() -> None:
    """Counts come first, then posts and comments; files about other people are not opened, member ids in names do not matter."""
    found = list(linkedin.read_zip(packed(Connections='Notes:\n"See ""privacy"""\n\n' + ENGLISH, Shares_1="Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n2026-05-07 16:41:18,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A9,Hello,,,\n",
                                          Comments=COMMENTS, Company__Follows="Organization,Followed On\nAcme,Sat Sep 05 08:12:14 UTC 2026\n", Invitations="From,To\nInvented,Person\n", Profile="First Name,Last Name,Headline\nInvented,Person,CEO\n")))  # fmt: skip
    assert found[0] == Presence(source="linkedin", counts={"comments": 3, "contacts": 1, "follows": 1, "posts": 1})
    assert [(each.kind, each.text, each.published, each.author, each.engagement, each.native_id) for each in found if isinstance(each, Mention)] == [
        ("comment", 'Back on the "best" team,\n\nwell done', "2024-06-10T18:53:49Z", None, {}, None), ("comment", 'He said: "fine."', "2024-06-11", None, {}, None),
        ("comment", "No date here", None, None, {}, None), ("post", "Hello", "2026-05-07T16:41:18Z", None, {}, "urn:li:share:9"),
    ]  # fmt: skip
    assert [each.detail for each in found if isinstance(each, Problem)] == ["Comments.csv, line 7: the quotation marks do not fit"]
    assert "Invented" not in repr(found)


@pytest.mark.parametrize(("text", "count"), [(ENGLISH, 1), ("\ufeff" + GERMAN, 2), (GERMAN.split("\n", 1)[0] + "\n", 0)])
def test_contacts(text: str, count: int) -> None:
    """English and German names of columns; a mark before them, a row of commas, no rows at all."""
    assert [Presence(source="linkedin", counts={"contacts": count})] == list(linkedin.read_part("Connections.csv", text.encode()))
    assert [Presence(source="linkedin", counts={"contacts": count})] == list(linkedin.read_part("Connections.csv", text.replace("\ufeff", "").encode("utf-16")))


DUTCH = "Voornaam,Achternaam,URL,E-mailadres,Bedrijf,Functie,Verbonden op\nVerzonnen,Mens,,,,,03 apr. 2022\n,,,,,,\nNog,Iemand,,,,,04 apr. 2022\n"
COUNTED = "{}: its column names are in a language that nobody has verified; its rows were counted by what the file is called"


@pytest.mark.parametrize(("text", "count"), [(FRENCH, 1), (DUTCH, 2), ('Remarques :\n"Voir ""confidentialité"""\n\n' + FRENCH, 1), (DUTCH.split("\n", 1)[0] + "\n", 0)])
def test_contacts_in_another_language(text: str, count: int) -> None:
    """A count needs no names of columns: the rows are counted, that is said, and nothing of the file is repeated."""
    found = list(linkedin.read_part("Connections.csv", text.encode()))
    assert [Presence(source="linkedin", counts={"contacts": count}), COUNTED.format("Connections.csv")] == found


def test_posts_and_comments_in_another_language() -> None:
    """Posts and comments are told by what their file is called and by the shape of their columns."""
    posts = "Fecha,Enlace,Texto,Otro\n2026-05-07 16:41:18,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A9,Hola,\n"
    comments = "Datum,Koppeling,Bericht\n,https://www.linkedin.com/feed/a,Mooi\n"
    found = list(linkedin.read_zip(packed(Shares=posts, Comments=comments, Reactions="Datum,Soort,Link\n2026-01-01 10:00:00,LIKE,https://www.linkedin.com/x\n", Connections=DUTCH)))
    assert found[0] == Presence(source="linkedin", counts={"comments": 1, "contacts": 2, "posts": 1, "reactions": 1})
    assert [("comment", "Mooi", None), ("post", "Hola", "2026-05-07T16:41:18Z")] == [(each.kind, each.text, each.published) for each in found if isinstance(each, Mention)]
    assert 4 == sum(isinstance(each, str) for each in found)


@pytest.mark.parametrize(("name", "text"), [
    ("Connections.csv", "un,deux\n1,2\n"), ("Shares.csv", "Un,Deux,Trois\nun texte,un autre,encore\n"), ("Comments.csv", "Un,Deux\n2026-01-01 10:00:00,https://forum.example/x\n"), ("Autre.csv", FRENCH),
    ("Connections.csv", ""),
])  # fmt: skip
def test_another_shape(name: str, text: str) -> None:
    """What has neither known names nor the shape of its kind is a problem, not a count."""
    assert ["unknown columns"] == [each.reason for each in linkedin.read_part(name, text.encode()) if isinstance(each, Problem)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [("x.csv", ENGLISH, True), ("x.csv", GERMAN, True), ("Connections_123.csv", FRENCH, True), ("Shares.csv", "", True), ("x.csv", "Date,Link,Message\n2026-01-01,https://a.b,hi\n", False),
     ("x.csv", COMMENTS, True), ("Comments.csv", '"Datum";"Beoordeling";"Opmerking"\r\n', False), ("comments.csv", "Date,Lien,Message\n", True), ("x.txt", ENGLISH, False), ("reviews.csv", "date,rating,pros\n", False), ("x.csv", 'a,"' + "x" * 200_000, False)],
)  # fmt: skip
def test_recognised(name: str, text: str, expected: bool) -> None:
    """By columns that are LinkedIn's alone, or by name."""
    assert expected == linkedin.is_part(name, text.encode())


def test_edges() -> None:
    """A post without link and words is no mention; an odd date is none; a field beyond every measure is a problem; a torn ZIP is said."""
    shares = "Date,ShareLink,ShareCommentary\nsome day,https://www.linkedin.com/x,Hi\n2026-01-01,,\n" + '2026-01-02,https://www.linkedin.com/y,"' + "x" * 200_000 + "\n"
    found = list(linkedin.read_part("Shares.csv", shares.encode()))
    assert [type(each) for each in found] == [Presence, Mention, Problem]
    assert found[0] == Presence(source="linkedin", counts={"posts": 2})
    with pytest.raises(UnreadableError, match="damaged"):
        list(linkedin.read_zip(io.BytesIO(packed(Shares=shares).getvalue()[:200])))
    locked = packed(Shares="x")
    raw = bytearray(locked.getvalue())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert [each.detail for each in linkedin.read_zip(io.BytesIO(bytes(raw))) if isinstance(each, Problem)] == ["Shares.csv: it is locked with a password; unpack it first"]


def test_a_first_row_beyond_every_measure() -> None:
    """A header that cannot be read is an unknown one."""
    found = list(linkedin.read_part("Shares.csv", b'"' + b"x" * 140_000 + b"\n"))
    assert [each.reason for each in found if isinstance(each, Problem)] == ["unknown columns"]

"""Set a long text as one page of HTML: no script, no request to anywhere, legible on a screen and on A4 paper."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_STYLE = """
@page { size: A4; margin: 20mm 18mm; }
body { font: 11pt/1.5 Georgia, "Times New Roman", serif; color: #1a1a1a; background: #fff; max-width: 42em; margin: 2em auto; padding: 0 1em; }
h1, h2, h3 { font-family: "Helvetica Neue", Arial, sans-serif; line-height: 1.25; break-after: avoid; }
h1 { font-size: 1.7em; } h2 { font-size: 1.3em; margin-top: 2em; border-top: 1px solid #bbb; padding-top: .6em; } h3 { font-size: 1.1em; }
li, blockquote, tr { break-inside: avoid; } li { margin: .35em 0; }
blockquote { margin: 1em 0; padding: .4em 1em; border-left: 4px solid #666; background: #f4f4f4; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25em .6em .25em 0; border-bottom: 1px solid #ccc; vertical-align: top; }
th[style*=right], td[style*=right] { text-align: right; }
a { color: inherit; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""
_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""


def to_page(text: str, lang: str) -> str:
    """Return Markdown as a whole page; HTML in it is shown as text, and an image is not fetched."""
    # Tables and no raw HTML; images would be requests to somewhere.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = reader.parse(text)
    headings = (tokens[place + 1] for place, token in enumerate(tokens) if token.type == "heading_open")
    title = next(("".join(part.content for part in heading.children or ()) for heading in headings), "repwatch")
    body = Markup(reader.render(text))  # noqa: S704 — made by markdown-it, which escapes what the text holds
    return Markup(_PAGE).format(lang=lang, title=escape(title), style=Markup(_STYLE), body=body)  # noqa: S704 — our own frame

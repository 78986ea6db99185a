"""Commands on profiles: what each review site shows of an employer as a whole."""

from __future__ import annotations

import typer

from repwatch.cli.presence import profiles

app = typer.Typer(help="Your page on every review site: found, claimed, its figures, and what to do next.", invoke_without_command=True, rich_markup_mode=None)
app.callback()(profiles)

"""Fixtures: scripted sites, clients with small limits, and a certificate that nobody trusts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.server import Site, serve

from repwatch.models import WebSettings
from repwatch.web.client import Client

SMALL: dict[str, Any] = {
    "connect_s": 0.5,
    "read_s": 0.5,
    "total_s": 0.8,
    "retries": 2,
    "longest_wait_s": 2,
    "max_bytes": 100_000,
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own proxy out of loopback tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Site]:
    with serve() as running:
        yield running


class Slept(list[float]):
    """A sleep that only notes how long it would have been, and moves its clock on."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def slept() -> Slept:
    return Slept()


@pytest.fixture
def make() -> Iterator[Callable[..., Client]]:
    """Make clients with small limits; `settings` may be given as keywords."""
    made: list[Client] = []

    def new(*, version: str = "1.2", **options: Any) -> Client:
        names = set(WebSettings.model_fields)
        settings = WebSettings(**{**SMALL, **{k: v for k, v in options.items() if k in names}})
        rest = {k: v for k, v in options.items() if k not in names}
        made.append(Client(settings, version=version, **{"backoff_s": 0.01, **rest}))
        return made[-1]

    yield new
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for 127.0.0.1."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is missing: no certificate for the TLS tests")
    folder = tmp_path_factory.mktemp("tls")
    both = folder / "both.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both

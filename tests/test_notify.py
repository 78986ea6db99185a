"""Messages reach a real mail server and a real webhook; a channel that is down loses none, and no address is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from repwatch.errors import SettingsError
from repwatch.notify import Channel, channels, check, send
from repwatch.pipeline.delivering import Delivery, deliver, enqueue
from repwatch.report.alerts import message
from repwatch.store import Store, open_reader

pytest.importorskip("apprise", reason="the extra `notify` is not installed: apprise")
MESSAGE = ("repwatch: 1 thing needs you", "- Acme: café\n", "<p>Acme: <b>café</b></p>")
NOW = "2026-11-25T06:00:00Z"


class Hook(BaseHTTPRequestHandler):
    """A webhook that keeps what it is sent and answers with `status`."""

    status = 200
    got: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    """Run a webhook on loopback."""
    Hook.status, Hook.got = 200, []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mailbox() -> Iterator[tuple[int, list[Message]]]:
    """Run a mail server on loopback; yield its port and what arrived."""
    controller = pytest.importorskip("aiosmtpd.controller", reason="the package aiosmtpd runs the mail server of this test")
    got: list[Message] = []

    class Keep:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 — the name that the mail server calls
            got.append(message_from_bytes(envelope.content))
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = controller.Controller(Keep(), hostname="127.0.0.1", port=port)
    server.start()
    yield port, got
    server.stop()


def address(server: HTTPServer) -> str:
    return f"json://user:s3cr3tpassword@127.0.0.1:{server.server_port}/hidden-path"


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, hook: HTTPServer) -> list[Channel]:
    """Name the webhook in the environment."""
    monkeypatch.setenv("REPWATCH_CHANNELS", f"# the team\n{address(hook)}\n\n{address(hook)}\n")
    return channels(None, Path())


def test_a_webhook_gets_plain_text(named: list[Channel]) -> None:
    """Named twice it is one channel; its name holds no part of its address."""
    (channel,) = named
    assert (send(channel, *MESSAGE), Hook.got[0]["title"], Hook.got[0]["message"]) == ("", MESSAGE[0], "- Acme: café")
    assert (channel.kind, "s3cr3t" in channel.name, "hidden" in channel.name) == ("json", False, False)


def test_a_mail_is_html_with_plain_text_beside_it(mailbox: tuple[int, list[Message]]) -> None:
    """One message in both forms, over a real connection."""
    port, got = mailbox
    channel = Channel("mailto-1", f"mailto://127.0.0.1:{port}?from=repwatch@acme.example&to=team@acme.example")
    assert send(channel, *MESSAGE) == ""
    parts = {part.get_content_type(): part.get_payload(decode=True).decode() for part in got[0].walk() if not part.is_multipart()}
    assert "<b>café</b>" in parts["text/html"]
    assert "café" in parts["text/plain"]


def test_the_plain_part_of_a_mail_keeps_the_way_to_the_page(mailbox: tuple[int, list[Message]]) -> None:
    """Whoever reads no HTML gets the address, or the command, all the same."""
    port, got = mailbox
    alert = {"rule": "r", "severity": "warning", "employer": "Acme", "source": "indeed", "key": "k", "day": NOW[:10], "url": None}
    page = {**alert, "kind": "negative_review", "facts": {"stars": 1}, "url": "https://x.example/?a=1&b=2"}
    topic = {**alert, "kind": "topic", "facts": {"topic": "pay", "count": 3, "days": 14}}
    assert send(Channel("mailto-1", f"mailto://127.0.0.1:{port}?from=repwatch@acme.example&to=team@acme.example"), *message([page, topic])) == ""
    parts = {part.get_content_type(): part.get_payload(decode=True).decode() for part in got[0].walk() if not part.is_multipart()}
    for said in ("https://x.example/?a=1&b=2", "repwatch mentions --employer Acme --topic pay --since 14d"):
        assert [said in unescape(part) for part in parts.values()] == [True, True]


def test_a_channel_that_is_down_loses_nothing_and_tells_no_secret(tmp_path: Path, named: list[Channel], hook: HTTPServer) -> None:
    """What failed waits; the next try brings all, the oldest first, and a sent message keeps no text."""
    Hook.status = 503
    with Store.open(tmp_path) as store:
        run = store.begin_run("check", NOW, {})
        enqueue(store, run, named, MESSAGE, NOW)
        enqueue(store, run, named, ("second", "b", ""), NOW)
        (failed,) = deliver(store, named, lambda: NOW)
        assert (failed.subject, bool(failed.error), "s3cr3t" in failed.error, "hidden" in failed.error) == (MESSAGE[0], True, False, False)
        assert [(message.subject, message.tries) for message in store.outbox()] == [(MESSAGE[0], 1), ("second", 0)]
        Hook.status, Hook.got = 200, []
        assert deliver(store, named, lambda: NOW) == [Delivery(named[0].name, MESSAGE[0], ""), Delivery(named[0].name, "second", "")]
        assert ([got["title"] for got in Hook.got], store.outbox()) == ([MESSAGE[0], "second"], [])
    assert b"s3cr3t" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "caf\u00e9".encode() not in (tmp_path / "repwatch.db").read_bytes()


def test_a_message_whose_channel_is_gone_goes_through_those_of_today(tmp_path: Path, named: list[Channel]) -> None:
    """A corrected address gets what waited for the wrong one, once, given up or not; with no channel at all it waits."""
    wrong = [Channel("json-1", "json://wrong"), Channel("slack-1", "slack://wrong")]
    with Store.open(tmp_path) as store:
        enqueue(store, store.begin_run("check", NOW, {}), wrong, MESSAGE, NOW)
        for _ in range(20):
            store.tried(1, NOW, "down")
        assert deliver(store, [], lambda: NOW) == []
        assert deliver(store, named, lambda: NOW) == [Delivery(named[0].name, MESSAGE[0], "")]
        assert ([got["title"] for got in Hook.got], store.outbox()) == ([MESSAGE[0]], [])
    with open_reader(tmp_path) as reader:
        assert reader.unsent() == []


def test_a_lost_message_goes_to_channels_of_its_kind_first(tmp_path: Path) -> None:
    """Another channel is not told what its own address will be; where no kind fits, each is told."""
    today = [Channel("json-2", ""), Channel("json-3", ""), Channel("slack-2", "")]
    with Store.open(tmp_path) as store:
        for gone in ("json-1", "matrix-1"):
            enqueue(store, store.begin_run("check", NOW, {}), [Channel(gone, "")], MESSAGE, NOW)
        store.readdress([channel.name for channel in today], NOW)
        assert sorted(message.channel for message in store.outbox()) == ["json-2", "json-2", "json-3", "json-3", "slack-2"]


def test_a_message_that_failed_too_often_is_given_up(tmp_path: Path, named: list[Channel]) -> None:
    """After twenty tries it is left; `doctor` still shows it."""
    with Store.open(tmp_path) as store:
        enqueue(store, store.begin_run("check", NOW, {}), named, MESSAGE, NOW)
        for _ in range(20):
            store.tried(1, NOW, "down")
        assert store.outbox() == []


def test_channels_stand_in_a_file_of_ones_own(tmp_path: Path, hook: HTTPServer) -> None:
    """A file that others can read is refused: it holds secrets."""
    path = tmp_path / "channels.txt"
    path.write_text(address(hook))
    path.chmod(0o600)
    assert [channel.kind for channel in channels("channels.txt", tmp_path)] == ["json"]
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="others can read this file") as caught:
        channels("channels.txt", tmp_path)
    assert caught.value.hint == f"chmod 600 {path}"
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        channels("missing.txt", tmp_path)
    assert channels(None, tmp_path) == []


def test_what_is_no_address_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pasted token is a secret all the same."""
    monkeypatch.setenv("REPWATCH_CHANNELS", "xoxb-very-secret")
    with pytest.raises(SettingsError) as caught:
        channels(None, Path())
    assert "secret" not in f"{caught.value}{caught.value.hint}".replace("secrets", "")
    with pytest.raises(SettingsError, match="cannot use the channel nonsense-1"):
        check(Channel("nonsense-1", "nonsense://x"))


def test_without_the_package_sending_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint is the command."""
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(SettingsError, match="needs the package apprise") as caught:
        check(Channel("json-1", "json://127.0.0.1"))
    assert caught.value.hint == "Install it with: pip install 'repwatch[notify]'"

"""Alerts reach a person by another way than the platforms, not too often, and never stop anything."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from bot.alerts import AGAIN_SECONDS, MOST, MOST_LINES, Alert, Alerts, Mail, Webhook, ways_of
from bot.settings import AlertSettings, SettingsError, load_settings

FAILED = Alert(topic="geweigerd", title="Een bericht is niet geplaatst.", lines=("7: reminder",))


class _Hook(BaseHTTPRequestHandler):
    got: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _MailServer(socketserver.StreamRequestHandler):
    """Takes one mail, as much of SMTP as that needs."""

    got: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 mail.example.org\r\n")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(text)
                self.got.append("\n".join(lines))
            self.wfile.write(b"221 bye\r\n" if line.upper() == "QUIT" else b"250 ok\r\n")
            if line.upper() == "QUIT":
                return


def _serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address: Any = server.server_address
    yield address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook_port() -> Iterator[int]:
    _Hook.got = []
    yield from _serving(HTTPServer(("127.0.0.1", 0), _Hook))


@pytest.fixture
def mail_port() -> Iterator[int]:
    _MailServer.got = []
    yield from _serving(socketserver.TCPServer(("127.0.0.1", 0), _MailServer))


def test_an_alert_reaches_the_web_address(hook_port: int) -> None:
    """C-15: a second channel."""
    assert Alerts(ways=[Webhook(url=f"http://127.0.0.1:{hook_port}/atrium")]).tell(FAILED)
    assert _Hook.got == [{"text": "Een bericht is niet geplaatst.\n7: reminder"}]


def test_an_alert_reaches_people_by_mail(mail_port: int) -> None:
    """C-15."""
    mail = Mail(host="127.0.0.1", port=mail_port, sender="bot@example.org", to=("an@example.org",))
    assert Alerts(ways=[mail]).tell(FAILED)
    (got,) = _MailServer.got
    assert "Subject: [atriumbot] Een bericht is niet geplaatst." in got
    assert "To: an@example.org" in got
    assert "7: reminder" in got


def test_an_alert_that_cannot_be_delivered_is_logged_and_tried_again(
    hook_port: int, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    away = Webhook(url="http://127.0.0.1:9/secret-part")
    alerts = Alerts(ways=[away])
    assert not alerts.tell(FAILED)
    said = caplog.text + "".join(capsys.readouterr())
    assert "alert_not_delivered" in said
    assert "secret-part" not in said
    alerts.ways = [away, Webhook(url=f"http://127.0.0.1:{hook_port}")]
    assert alerts.tell(FAILED), "one of two ways is enough"


def test_the_same_alert_is_told_once_in_a_while() -> None:
    seconds = [0.0]
    alerts = Alerts(ways=[], seconds=lambda: seconds[0])
    assert alerts.tell(FAILED)
    assert not alerts.tell(FAILED)
    seconds[0] = AGAIN_SECONDS
    assert alerts.tell(FAILED)


def test_a_storm_of_alerts_is_held_back() -> None:
    alerts = Alerts(ways=[], seconds=lambda: 0.0)
    told = [alerts.tell(Alert(topic=f"{number}", title="x")) for number in range(3 * MOST)]
    assert sum(told) == MOST


def test_a_long_alert_says_how_much_it_leaves_out() -> None:
    text = Alert(topic="t", title="x", lines=tuple(map(str, range(MOST_LINES + 5)))).text()
    assert text.endswith("... en nog 5")


def test_without_settings_there_is_no_way() -> None:
    assert ways_of(AlertSettings()) == ()
    both = AlertSettings(
        webhook_url=SecretStr("https://hooks.example.org/x"),
        email_to=frozenset({"an@example.org"}),
        email_from="bot@example.org",
        smtp_host="mail.example.org",
    )
    assert [way.name for way in ways_of(both)] == ["webhook", "mail"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("WEBHOOK_URL", "file:///etc/passwd", "alerts.webhook_url"),
        ("EMAIL_TO", "an@example.org", "email_to needs smtp_host and email_from"),
    ],
)
def test_a_way_that_cannot_work_is_refused_at_the_start(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_settings(None, {f"ATRIUMBOT_ALERTS__{name}": value})

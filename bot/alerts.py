"""Alerts: what a person must hear about the bot itself, by a way that does not go through its platforms.

Standard library only: one request now and then needs no more. An alert that cannot be delivered is
logged and never stops anything. No alert holds the text of a message.
"""

from __future__ import annotations

import json
import smtplib
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol

from bot import logs
from bot.settings import AlertSettings
from handlers.wording.catalogue import say

log = logs.get(__name__)

#: How long one alert may take to be delivered by one way, in seconds.
TIMEOUT_SECONDS = 10

#: The same subject is not told of again within so many seconds, unless it changed.
AGAIN_SECONDS = 15 * 60

#: No more alerts than this in `AGAIN_SECONDS`, whatever they are about.
MOST = 10

#: No more lines than this in one alert.
MOST_LINES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """One thing to be told, in Dutch.

    Attributes:
        topic: what it is about: the same topic with the same title is told once in a while only.
        title: one sentence.
        lines: what exactly, and what to do.
    """

    topic: str
    title: str
    lines: tuple[str, ...] = ()

    def text(self) -> str:
        shown = self.lines[:MOST_LINES]
        rest = len(self.lines) - len(shown)
        return "\n".join((self.title, *shown, *((say("melding.en nog", aantal=str(rest)),) if rest else ())))


class Way(Protocol):
    """One way to reach a person. `send` raises OSError when it does not get there."""

    @property
    def name(self) -> str: ...

    def send(self, alert: Alert) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """A web address that takes `{"text": ...}`."""

    url: str
    name: str = "webhook"

    def send(self, alert: Alert) -> None:
        request = urllib.request.Request(  # noqa: S310  # the settings allow http and https alone
            self.url,
            data=json.dumps({"text": alert.text()}).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "atriumbot"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310  # likewise
            pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail to people, through a server that needs no signing in."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    name: str = "mail"

    def send(self, alert: Alert) -> None:
        mail = EmailMessage()
        mail["Subject"] = f"[atriumbot] {alert.title}"
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.to)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(alert.text())
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
            server.send_message(mail)


def ways_of(settings: AlertSettings) -> tuple[Way, ...]:
    """How the settings want people to be reached."""
    ways: list[Way] = []
    if settings.webhook_url is not None:
        ways.append(Webhook(url=settings.webhook_url.get_secret_value()))
    if settings.email_to and settings.smtp_host and settings.email_from:
        to = tuple(sorted(settings.email_to))
        ways.append(Mail(host=settings.smtp_host, port=settings.smtp_port, sender=settings.email_from, to=to))
    return tuple(ways)


@dataclass(kw_only=True, slots=True)
class Alerts:
    """Tells people, not too often. Blocks while it does: never call it on the event loop.

    Args:
        seconds: a clock that nobody sets.
    """

    ways: Sequence[Way]
    seconds: Callable[[], float] = time.monotonic
    _told: dict[tuple[str, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, alert: Alert) -> bool:
        """Tell it by every way; False when it was held back, or no way that there is got it delivered."""
        if not self._may_tell(alert):
            return False
        log.warning("alert", topic=alert.topic, title=alert.title, lines=len(alert.lines))
        delivered = [self._send(way, alert) for way in self.ways]
        if delivered and not any(delivered):
            with self._lock:
                self._told.pop((alert.topic, alert.title), None)
            return False
        return True

    def _may_tell(self, alert: Alert) -> bool:
        now = self.seconds()
        with self._lock:
            self._told = {what: at for what, at in self._told.items() if now - at < AGAIN_SECONDS}
            if (alert.topic, alert.title) in self._told or len(self._told) >= MOST:
                return False
            self._told[alert.topic, alert.title] = now
        return True

    def _send(self, way: Way, alert: Alert) -> bool:
        try:
            way.send(alert)
        except OSError as fault:
            # Errors of HTTP and of SMTP are OSErrors too. Their text may hold the address, which is a secret.
            log.error("alert_not_delivered", way=way.name, topic=alert.topic, fault=type(fault).__name__)
            return False
        return True

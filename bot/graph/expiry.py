"""When the bot's access to Microsoft is known to end, so that somebody hears of it before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from handlers.model import BRUSSELS

#: So long before it ends, people are told.
SOON = dt.timedelta(days=21)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiry:
    """Something that ends. `ends` is the first day without it; `mend` is for an operator."""

    what: str
    ends: dt.date
    mend: str

    def days_left(self, now: dt.datetime) -> int:
        """Whole days from today on the wall clock; none or less when it is over."""
        return (self.ends - now.astimezone(BRUSSELS).date()).days

    def is_near(self, now: dt.datetime) -> bool:
        return self.days_left(now) <= SOON.days


def expiries(settings: Settings) -> Iterator[Expiry]:
    """Everything of which the settings, or the certificate itself, tell when it ends."""
    if settings.engage.expires_on is not None:
        yield Expiry(
            what="[engage] expires_on",
            ends=settings.engage.expires_on,
            mend="renew the secret or the sign-in, and put the new day in [engage] expires_on",
        )
    if settings.entra.certificate_file is not None:
        ends = certificate_ends(settings.entra.certificate_file)
        if ends is not None:
            yield Expiry(
                what=f"the certificate {settings.entra.certificate_file}",
                ends=ends,
                mend="make a new certificate, upload it to the app registration, and replace the file",
            )


def certificate_ends(file: Path) -> dt.date | None:
    """The last day of the certificate in a PEM file; None when it cannot be read: signing in tells why."""
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc.astimezone(BRUSSELS).date()

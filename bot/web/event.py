"""One atrium as a schema.org Event, for search engines and other readers of data in pages."""

from __future__ import annotations

from bot.web.pages import atrium_page, web_link
from bot.web.site import Web
from handlers.model import BRUSSELS_CITY, Atrium
from handlers.wording.cards import title_text
from handlers.wording.texts import audience_text

#: https://schema.org/Event
CONTEXT = "https://schema.org"


def event_data(atrium: Atrium, web: Web) -> dict[str, object]:
    """The values of the record, and nothing that it does not hold."""
    end = atrium.local_end
    status = "EventCancelled" if atrium.is_cancelled else "EventScheduled"
    data: dict[str, object | None] = {
        "@context": CONTEXT,
        "@type": "Event",
        "identifier": atrium.uid,
        "name": title_text(atrium),
        "url": web.address(atrium_page(atrium.uid)),
        "startDate": atrium.local_start.isoformat(),
        "endDate": end.isoformat() if end else None,
        "eventStatus": f"{CONTEXT}/{status}",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "inLanguage": "nl-BE",
        "description": atrium.description,
        "about": atrium.theme,
        "location": _location(atrium),
        "organizer": _named("Organization", atrium.organiser),
        "audience": _audience(atrium),
        "offers": _registration(atrium, web),
    }
    return {name: value for name, value in data.items() if value is not None}


def _location(atrium: Atrium) -> dict[str, object]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": atrium.address,
        "addressLocality": atrium.municipality,
        "addressRegion": atrium.province or (BRUSSELS_CITY if atrium.municipality == BRUSSELS_CITY else None),
        "addressCountry": "BE",
    }
    return {
        "@type": "Place",
        "name": atrium.venue or atrium.municipality,
        "address": {name: value for name, value in address.items() if value is not None},
    }


def _named(what: str, name: str | None) -> dict[str, object] | None:
    return {"@type": what, "name": name} if name else None


def _audience(atrium: Atrium) -> dict[str, object] | None:
    if not atrium.audience:
        return None
    return {"@type": "Audience", "audienceType": audience_text(atrium.audience)}


def _registration(atrium: Atrium, web: Web) -> dict[str, object] | None:
    url = web_link(atrium.registration_url)
    if url is None or not atrium.registration_is_open(web.now()):
        return None
    offer: dict[str, object] = {"@type": "Offer", "url": url, "price": 0, "priceCurrency": "EUR"}
    closes_at = atrium.registration_closes_at()
    if closes_at is not None:
        offer["validThrough"] = closes_at.isoformat()
    return offer

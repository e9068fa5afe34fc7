"""Handing in something for an atrium on its public page, without an account.

Nobody vouches for who fills in the form. So what it brings is marked so for the moderators, is shown to
nobody else before they decide, and is held within bounds: of its size, of what one address sends, and of
what waits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import HTTPException, Request

from bot.web.console.attempts import Attempts
from bot.web.console.forms import Form, read_fields
from bot.web.guard import refuse_other_origin, require_content_type
from bot.web.site import Web
from handlers.model import Atrium, Contribution, ContributionSort
from handlers.moderation.contribution import MOST_TEXT, closed_text, contribution_for, takes_contributions
from handlers.wording.catalogue import Said, say
from store import contributions
from store.contributions import Visitor

#: Bytes of the form: the longest text takes twelve a character, with room for the rest.
MOST_BYTES = 12 * MOST_TEXT + 8_000

#: Characters of a name and of an e-mail address (RFC 5321).
MOST_NAME, MOST_EMAIL = 80, 254

#: From one address in the time of one window, and from all together.
MOST_FROM_ONE, MOST_IN_ALL = 5, 100

#: What may wait for one atrium before moderators look at it.
MOST_WAITING = 200

#: How long a form may stand open.
VALID_FOR = dt.timedelta(hours=12)

#: The field that people do not see: whoever fills it in is a program.
TRAP = "website"

CONTRIBUTED = "ontvangen"

SORTS: Mapping[ContributionSort, str] = Said(
    {
        ContributionSort.VRAAG: "inbreng.pagina een vraag",
        ContributionSort.AGENDAPUNT: "inbreng.pagina een punt",
        ContributionSort.INITIATIEF: "inbreng.pagina een initiatief",
    }
)

FOREIGN = "inbreng.pagina vreemd"
TOO_OFTEN = "inbreng.pagina te vaak"
TOO_MANY = "inbreng.pagina te veel"
TOO_LONG_OPEN = "inbreng.pagina stond open"

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]{2,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """The form as it is shown: what was typed, what is wrong with it, and its proof.

    Attributes:
        errors: by the name of the field; what is under no field stands before the form.
    """

    proof: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        return self.errors.get(name, "")


class Desk:
    """Takes in what visitors hand in."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._proofs = Proofs(web.form_key)
        self._attempts = Attempts(
            web.now, window=dt.timedelta(minutes=15), most_from_one=MOST_FROM_ONE, most_in_all=MOST_IN_ALL
        )

    def blank(self, atrium: Atrium) -> Filled | None:
        """The form for an atrium that has a public page; None where nothing can be handed in there."""
        now = self._web.now()
        if not self._web.takes_contributions or not takes_contributions(atrium, now):
            return None
        return Filled(proof=self._proofs.made(atrium.uid, now))

    def take(self, atrium: Atrium, form: Form, address: str) -> Filled | None:
        """Keep what was filled in; the form again where something is wrong, None where all is well.

        Raises:
            HTTPException: 404 where pages take nothing in, 409 where this atrium no longer does.
        """
        now = self._web.now()
        if not self._web.takes_contributions:
            raise HTTPException(404)
        if not takes_contributions(atrium, now):
            raise HTTPException(409, closed_text(atrium))
        if form.text(TRAP):
            return None
        values = _typed(form)
        proof = form.text("bewijs")
        if not self._proofs.holds(proof, atrium.uid, now):
            return self._again(atrium, values, {"": say(TOO_LONG_OPEN)}, 422)
        errors = _errors(values)
        if errors:
            return Filled(proof=proof, values=values, errors=errors, status=422)
        if not self._attempts.allows(address):
            return Filled(proof=proof, values=values, errors={"": say(TOO_OFTEN)}, status=429)
        return self._kept(atrium, values, proof)

    def _kept(self, atrium: Atrium, values: Mapping[str, str], proof: str) -> Filled | None:
        contribution, visitor = _read(atrium, values, proof)
        with self._web.store.writing() as session:
            if contributions.waiting_from_page(session, atrium.uid) >= MOST_WAITING:
                return Filled(proof=proof, values=values, errors={"": say(TOO_MANY)}, status=429)
            contributions.add_from_page(session, contribution, visitor, self._web.now())
        return None

    def _again(
        self, atrium: Atrium, values: Mapping[str, str], errors: Mapping[str, str], status: int
    ) -> Filled:
        made = self._proofs.made(atrium.uid, self._web.now())
        return Filled(proof=made, values=values, errors=errors, status=status)


class Proofs:
    """Tells our own form, for this atrium and not too old, from anything else; nothing is kept of it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def made(self, uid: str, now: dt.datetime) -> str:
        told = f"{int(now.timestamp())}.{secrets.token_hex(8)}"
        return f"{told}.{self._sign(uid, told)}"

    def holds(self, proof: str, uid: str, now: dt.datetime) -> bool:
        told, _, sign = proof.rpartition(".")
        at = told.partition(".")[0]
        if not hmac.compare_digest(sign.encode(), self._sign(uid, told).encode()):
            return False
        return int(at) <= now.timestamp() < int(at) + VALID_FOR.total_seconds()

    def _sign(self, uid: str, told: str) -> str:
        return hmac.new(self._key, f"{uid}|{told}".encode(), hashlib.sha256).hexdigest()[:32]


async def read_contribution(request: Request) -> Form:
    """What a browser sends with the form.

    Raises:
        HTTPException: 403 from elsewhere, 413 when it is too large, 415 and 422 when it is no such form.
    """
    refuse_other_origin(request, FOREIGN)
    require_content_type(request, "application/x-www-form-urlencoded")
    return await read_fields(request, MOST_BYTES, _too_large())


def _too_large() -> str:
    return say("inbreng.pagina te lang", aantal=str(MOST_TEXT))


def _typed(form: Form) -> dict[str, str]:
    return {
        "soort": form.text("soort"),
        "tekst": form.lines("tekst"),
        "naam": form.text("naam"),
        "email": form.text("email"),
        "met_naam": "ja" if form.text("met_naam") else "",
        "akkoord": "ja" if form.text("akkoord") else "",
    }


def _errors(values: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if values["soort"] not in set(ContributionSort):
        found["soort"] = say("inbreng.pagina soort")
    if not values["tekst"]:
        found["tekst"] = say("inbreng.pagina tekst")
    elif len(values["tekst"]) > MOST_TEXT:
        found["tekst"] = _too_large()
    if len(values["naam"]) > MOST_NAME:
        found["naam"] = say("inbreng.pagina naam te lang", aantal=str(MOST_NAME))
    elif values["met_naam"] and not values["naam"]:
        found["naam"] = say("inbreng.pagina naam")
    if values["email"] and (len(values["email"]) > MOST_EMAIL or not _EMAIL.fullmatch(values["email"])):
        found["email"] = say("inbreng.pagina adres")
    if not values["akkoord"]:
        found["akkoord"] = say("inbreng.pagina akkoord")
    return found


def _read(atrium: Atrium, values: Mapping[str, str], proof: str) -> tuple[Contribution, Visitor]:
    """A name that may not be told is not kept at all."""
    named = bool(values["met_naam"])
    sort = ContributionSort(values["soort"])
    # What somebody changes and sends again is something else that they say.
    said = hashlib.sha256(values["tekst"].encode()).hexdigest()[:16]
    visitor = Visitor(
        proof=f"{proof}.{said}",
        name=values["naam"] if named else None,
        email=values["email"].casefold() or None,
    )
    return contribution_for(atrium, values["tekst"], sort=sort, named=named), visitor

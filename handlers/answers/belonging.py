"""Why an atrium that is held elsewhere is told for the place that was named."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answers.scope import Scope
from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Kind
from handlers.wording.catalogue import say


def is_elsewhere(atrium: Atrium, place: str) -> bool:
    """Whether the asker named one municipality and the atrium for it is held in another."""
    return gazetteer().municipality(place) is not None and atrium.municipality != place


def belonging_notes(shown: Sequence[Atrium], scope: Scope) -> tuple[str, ...]:
    """Why an atrium elsewhere is listed for the municipality that was named, or for one of several."""
    if scope.parts:
        notes = [note for part in scope.parts for note in belonging_notes(shown, part)]
        held_in = {atrium.municipality for atrium in shown}
        unassigned = [place for part in scope.parts if (place := part.unassigned) and place not in held_in]
        unknown = [say("niets.onbekende regio", plaats=place) for place in unassigned]
        return tuple(dict.fromkeys((*notes, *unknown)))
    place = scope.place
    if place is None or gazetteer().municipality(place) is None:
        return ()
    notes = []
    for atrium in shown:
        if atrium.kind is Kind.LOKAAL and atrium.region == scope.region and scope.region:
            notes.append(say("hoort bij.lokaal", plaats=place, regio=scope.region))
        elif atrium.kind is Kind.PROVINCIAAL and atrium.municipality != place:
            province = gazetteer().province_of(place) or ""
            if atrium.municipality != gazetteer().capital_of(province):
                continue
            notes.append(say("hoort bij.provinciaal", gemeente=atrium.municipality, provincie=province))
        elif atrium.kind is Kind.CENTRUMSTEDEN and place in gazetteer().centrumsteden:
            notes.append(say("hoort bij.centrumstad", plaats=place))
    return tuple(dict.fromkeys(notes))

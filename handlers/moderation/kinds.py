"""Which kind of atrium a moderator means, and which kinds can be announced in a conversation."""

from __future__ import annotations

import re

from handlers.model import Kind
from handlers.moderation.claims import Remainder

#: The others come from the agenda file, that the moderators read in.
ANNOUNCED = frozenset({Kind.THEMATISCH, Kind.OP_MAAT})

_PATTERNS: tuple[tuple[Kind, str], ...] = (
    # Also as people mistype it: "tematisch", "thematisc", "themathisch".
    (Kind.THEMATISCH, r"th?em\w*\.?\s*-?\s*atri(?:um|a)|th?emath?is(?:ch?|che?)\b"),
    (Kind.OP_MAAT, r"(?:atri(?:um|a)\s+)?op[\s_-]maat|maatatrium"),
    (Kind.LOKAAL, r"(?:lokaal|lokale)\s+atri(?:um|a)(?!\s+(?:lokale\s+)?mandataris)"),
    (
        Kind.CENTRUMSTEDEN,
        (
            r"atri(?:um|a)\s+(?:(?:voor|van)\s+(?:de\s+)?)?(?:(?:13|dertien)\s+)?centrumsteden"
            r"|centrumsteden[\s-]*(?:atri(?:um|a)|overleg)"
        ),
    ),
    (
        Kind.MANDATARISSEN,
        (
            r"atri(?:um|a)\s+(?:(?:voor|van)\s+(?:de\s+)?)?(?:lokale\s+)?mandatarissen"
            r"|(?:lokale\s+)?mandataris(?:sen)?[\s-]*atri(?:um|a)"
        ),
    ),
    (Kind.PROVINCIAAL, r"provincia(?:al|le)[\s-]*atri(?:um|a)|provincieatri(?:um|a)"),
)
_FOUND = {
    kind: re.compile(rf"\b(?:een\s+|het\s+|de\s+|nieuw\s+)?(?:{words})", re.IGNORECASE)
    for kind, words in _PATTERNS
}


def claim_kind(rest: Remainder) -> Kind | None:
    """Take the kind out of the text: the one named first."""
    found = {kind: match.start() for kind, pattern in _FOUND.items() if (match := pattern.search(rest.text))}
    if not found:
        return None
    kind = min(found, key=lambda each: found[each])
    rest.claim(_FOUND[kind])
    return kind


def kind_named(text: str) -> Kind | None:
    """The kind of a text that holds nothing else ("op maat", "thematisch", "lokaal")."""
    for kind in Kind:
        if text.strip(" .").casefold().replace(" ", "_") in {kind.value, f"{kind.value}_atrium"}:
            return kind
    return claim_kind(Remainder(text))

"""Where people can open what the bot posted, where the platform alone knows that."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.batches import count
from store.notes import find_note, keep_note
from store.states import OutboxState
from store.tables import NoteRow, OutboxRow

#: Between the platform and the number of a message, in the name of the note that holds the address.
_ADDRESS = ":address:"


def keep_address(session: Session, platform: str, message: str, address: str) -> None:
    """Keep where a post of the bot's is, as the platform said when it took it."""
    keep_note(session, f"{platform}{_ADDRESS}{message}", address)


def find_address(session: Session, platform: str, message: str) -> str | None:
    """Where people can open this post; None where nobody said, or where it is too long ago."""
    return find_note(session, f"{platform}{_ADDRESS}{message}")


def purge(session: Session, before: dt.datetime, most: int) -> int:
    """Drop the addresses of posts that the bot knows nothing of any more, or that are older than `before`.

    At most so many; how many. While a post of a platform is under way, its address may be there before it
    is known which message it became: then nothing of that platform goes.

    Args:
        before: aware UTC.
    """
    busy = set(
        session.scalars(select(OutboxRow.platform).where(OutboxRow.state == OutboxState.CLAIMED).distinct())
    )
    recent = select(OutboxRow.platform, OutboxRow.message_id).where(
        OutboxRow.message_id.is_not(None), OutboxRow.updated_at >= before
    )
    kept = {f"{row.platform}{_ADDRESS}{row.message_id}" for row in session.execute(recent)}
    names = session.scalars(select(NoteRow.name).where(NoteRow.name.contains(_ADDRESS)))
    old = sorted(each for each in names if each not in kept and each.partition(":")[0] not in busy)[:most]
    return count(session, delete(NoteRow).where(NoteRow.name.in_(old))) if old else 0

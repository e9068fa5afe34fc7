"""The words that moderators taught the bot, beside those of its own lexicon."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.catalogue import bump_version
from store.tables import LexiconWordRow
from store.upsert import insert_into

_WORDS = LexiconWordRow.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class TaughtWord:
    """A word as members write it, and the words that it is read as; `added_at` is aware UTC."""

    word: str
    meaning: str
    added_by: str
    added_at: dt.datetime


def list_words(session: Session) -> list[TaughtWord]:
    """Every taught word, by word."""
    return [TaughtWord(**row._mapping) for row in session.execute(select(_WORDS).order_by(_WORDS.c.word))]


def find_word(session: Session, word: str) -> TaughtWord | None:
    row = session.execute(select(_WORDS).where(_WORDS.c.word == word)).one_or_none()
    return TaughtWord(**row._mapping) if row else None


def teach(session: Session, word: str, meaning: str, added_by: str, now: dt.datetime) -> None:
    """Read `word` as `meaning` from now on; both folded as the reader folds them."""
    values = {"meaning": meaning, "added_by": added_by, "added_at": now}
    row = insert_into(session, LexiconWordRow).values(word=word, **values)
    session.execute(row.on_conflict_do_update(index_elements=["word"], set_=values))
    bump_version(session)


def unteach(session: Session, word: str) -> bool:
    """Forget a taught word; False when it was not known."""
    gone = delete(LexiconWordRow).where(LexiconWordRow.word == word).returning(LexiconWordRow.word)
    known = session.scalars(gone).first() is not None
    if known:
        bump_version(session)
    return known

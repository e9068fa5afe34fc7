"""Who is signed in to the console, and the ways in that were opened; of every secret only a hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from store.tables import ConsoleSessionRow, SignInRow

#: A session ends when nothing is asked for so long, and in any case so long after signing in.
IDLE = dt.timedelta(minutes=60)
LONGEST = dt.timedelta(hours=10)

#: How often it is noted that a session is in use: each page would be a write.
NOTED_EVERY = dt.timedelta(minutes=1)

#: How long a way in stays open.
LINK_LASTS = dt.timedelta(minutes=15)
ANSWER_LASTS = dt.timedelta(minutes=10)

LINK, OIDC = "link", "oidc"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """One session: the identity on the platform "console", and the role that signing in itself gave."""

    external_id: str
    name: str
    vouched_role: str
    created_at: dt.datetime
    seen_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A way in: what the provider's answer must match, and where to go afterwards."""

    kind: str
    nonce: str | None
    verifier: str | None
    onward: str | None


def hash_of(secret: str) -> str:
    """What is kept of a secret; these are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def open_session(session: Session, external_id: str, name: str, vouched_role: str, now: dt.datetime) -> str:
    """Sign somebody in; returns the secret for their browser, which is always a new one."""
    secret = new_secret()
    values = {
        "token_hash": hash_of(secret),
        "external_id": external_id,
        "name": name,
        "vouched_role": vouched_role,
        "created_at": now,
        "seen_at": now,
    }
    session.execute(insert(ConsoleSessionRow).values(values))
    return secret


_COLUMNS = (
    ConsoleSessionRow.external_id,
    ConsoleSessionRow.name,
    ConsoleSessionRow.vouched_role,
    ConsoleSessionRow.created_at,
    ConsoleSessionRow.seen_at,
)


def find_session(session: Session, secret: str, now: dt.datetime) -> SignedIn | None:
    """Who holds this secret, while the session lasts; `now` is aware UTC."""
    wanted = select(*_COLUMNS).where(ConsoleSessionRow.token_hash == hash_of(secret))
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    found = SignedIn(**row._mapping)
    over = now >= found.seen_at + IDLE or now >= found.created_at + LONGEST
    return None if over else found


def touch_session(session: Session, secret: str, now: dt.datetime) -> None:
    """Note that a session is in use."""
    row = ConsoleSessionRow
    session.execute(update(row).where(row.token_hash == hash_of(secret)).values(seen_at=now))


def close_session(session: Session, secret: str) -> None:
    """Sign out; doing it twice is doing it once."""
    session.execute(delete(ConsoleSessionRow).where(ConsoleSessionRow.token_hash == hash_of(secret)))


def close_sessions_of(session: Session, external_id: str) -> None:
    """Sign somebody out everywhere."""
    session.execute(delete(ConsoleSessionRow).where(ConsoleSessionRow.external_id == external_id))


def open_way_in(
    session: Session,
    kind: str,
    now: dt.datetime,
    *,
    nonce: str | None = None,
    verifier: str | None = None,
    onward: str | None = None,
) -> str:
    """A way in that can be gone through once; returns its secret.

    Of links only the newest is good, of each person whom `nonce` names.
    """
    purge_sessions(session, now)
    if kind == LINK:
        session.execute(delete(SignInRow).where(SignInRow.kind == LINK, SignInRow.nonce == nonce))
    secret = new_secret()
    lasts = LINK_LASTS if kind == LINK else ANSWER_LASTS
    values = {
        "token_hash": hash_of(secret),
        "kind": kind,
        "nonce": nonce,
        "verifier": verifier,
        "onward": onward,
        "expires_at": now + lasts,
    }
    session.execute(insert(SignInRow).values(values))
    return secret


def find_way_in(session: Session, kind: str, secret: str, now: dt.datetime) -> SignIn | None:
    """The way in that can still be gone through, left as it is; None when there is none."""
    row = SignInRow
    wanted = select(row.kind, row.nonce, row.verifier, row.onward, row.expires_at)
    is_it = (row.token_hash == hash_of(secret), row.kind == kind, row.expires_at > now)
    found = session.execute(wanted.where(*is_it)).first()
    return (
        SignIn(kind=found.kind, nonce=found.nonce, verifier=found.verifier, onward=found.onward)
        if found
        else None
    )


def go_in(session: Session, kind: str, secret: str, now: dt.datetime) -> SignIn | None:
    """Go through a way in, which closes behind one; None when it was not open."""
    row = SignInRow
    taken = (
        delete(row)
        .where(row.token_hash == hash_of(secret), row.kind == kind)
        .returning(row.kind, row.nonce, row.verifier, row.onward, row.expires_at)
    )
    found = session.execute(taken).one_or_none()
    if found is None or found.expires_at <= now:
        return None
    return SignIn(kind=found.kind, nonce=found.nonce, verifier=found.verifier, onward=found.onward)


def purge_sessions(session: Session, now: dt.datetime) -> None:
    """Drop the sessions and ways in that are over."""
    row = ConsoleSessionRow
    session.execute(delete(row).where((row.seen_at < now - IDLE) | (row.created_at < now - LONGEST)))
    session.execute(delete(SignInRow).where(SignInRow.expires_at <= now))

"""Brings a file into the agenda and, in the same transaction, into what is owed to the communities."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from scheduler import changes as owed
from scheduler.rules import Rules
from store.exchange.imports import ImportPlan, apply_import


def carry_out(session: Session, plan: ImportPlan, rules: Rules, now: dt.datetime, actor: str) -> None:
    """Apply the plan of an import and replan the posts of each atrium that it touches."""
    apply_import(session, plan, now, actor)
    for atrium in plan.added:
        owed.on_changed(session, None, atrium, rules, now)
    for change in plan.changes:
        owed.on_changed(session, change.before, change.after, rules, now)

"""What members asked and the bot could not answer: answered in its thread, or taught to the bot."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.agenda import moment
from bot.web.console.forms import Form, version_of
from bot.web.console.gate import Gate
from bot.web.console.reading_words import reading_text, says_something, with_word
from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import Visit
from handlers.answers.unread import Why
from handlers.model import Community
from handlers.moderation.permissions import may_steer
from handlers.reading.reading import read
from handlers.reply import Reply
from handlers.wording.catalogue import Said, say
from scheduler.plan import ANSWER
from store import lexicon, outbox, questions
from store.agenda import vocabulary
from store.codec import dump
from store.questions import UnreadQuestion
from store.topics import folded

PAGE_SIZE = 50

#: Characters of an answer, of a word and of its meaning.
MOST_ANSWER, MOST_WORD, MOST_MEANING = 3000, 40, 100

#: The tabs: the word in the address, its text, and the reasons why a question was not answered.
VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("beheer vraag.alles", ()),
    "niet-begrepen": ("beheer vraag.niet begrepen", (Why.NOT_UNDERSTOOD,)),
    "niet-voor-de-bot": ("beheer vraag.niet voor de bot", (Why.OUT_OF_SCOPE, Why.ELSEWHERE)),
    "afgekeurd": ("beheer vraag.afgekeurd", (Why.REJECTED,)),
}

#: Questions in which a new word is shown as it will be read.
MOST_SHOWN = 3

#: Why a question was not answered, by the word that is kept of it.
REASONS: Mapping[str, str] = Said(
    {
        Why.NOT_UNDERSTOOD: "beheer vraag.reden niet begrepen",
        Why.OUT_OF_SCOPE: "beheer vraag.reden buiten bereik",
        Why.ELSEWHERE: "beheer vraag.reden elders",
        Why.REJECTED: "beheer vraag.reden afgekeurd",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One question as the list shows it.

    Attributes:
        can_answer: it was asked where others read along, and this person moderates there.
    """

    id: int
    text: str
    reason: str
    asked: str
    community: str
    can_answer: bool


def register(gate: Gate) -> None:
    gate.page("/beheer/vragen", _list)
    gate.page("/beheer/vragen/{number}", _one)
    gate.act("/beheer/vragen/{number}/antwoord", _answer)
    gate.act("/beheer/vragen/{number}/afhandelen", _set_aside)
    gate.page("/beheer/woorden", _words)
    gate.act("/beheer/woorden", _teach)
    gate.act("/beheer/woorden/vergeten", _forget)


def whose(visit: Visit) -> Collection[str] | None:
    """The communities of which this person sees the questions; None is everything."""
    return None if visit.person.role in EVERYWHERE else visit.reads


def _list(visit: Visit) -> Response:
    text = visit.asked("vanaf")
    offset = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    view = visit.asked("wat") if visit.asked("wat") in VIEWS else ""
    reasons = VIEWS[view][1]
    with visit.desk.web.store.reading() as session:
        found = questions.open_questions(session, whose(visit), PAGE_SIZE + 1, offset, reasons)
        counted = questions.open_by_reason(session, whose(visit))
        taught = len(lexicon.list_words(session))
    address = f"/beheer/vragen?wat={view}&vanaf=" if view else "/beheer/vragen?vanaf="
    return visit.page(
        "vragen.html",
        lines=[_line(each, visit) for each in found[:PAGE_SIZE]],
        view=view,
        tabs=[(key, say(name), _total(counted, of)) for key, (name, of) in VIEWS.items()],
        total=_total(counted, reasons),
        taught=taught,
        previous=f"{address}{max(0, offset - PAGE_SIZE)}" if offset else None,
        following=f"{address}{offset + PAGE_SIZE}" if len(found) > PAGE_SIZE else None,
    )


def _total(counted: Mapping[str, int], reasons: Collection[str]) -> int:
    """How many wait for one of these reasons; no reason is all of them."""
    return sum(number for reason, number in counted.items() if not reasons or reason in reasons)


def _line(question: UnreadQuestion, visit: Visit) -> Line:
    community = _community(visit, question)
    elsewhere = question.community_key or say("beheer vraag.geen community")
    return Line(
        id=question.id,
        text=question.text,
        reason=REASONS.get(question.reason, question.reason),
        asked=moment(question.asked_at, visit.now),
        community=community.name if community else elsewhere,
        can_answer=_can_answer(visit, question),
    )


def _community(visit: Visit, question: UnreadQuestion) -> Community | None:
    return next((one for one in visit.communities if one.key == question.community_key), None)


def _can_answer(visit: Visit, question: UnreadQuestion) -> bool:
    community = _community(visit, question)
    return community is not None and question.thread is not None and may_steer(visit.person, community)


def _get(visit: Visit, session: Session) -> UnreadQuestion:
    number = visit.path("number")
    known = number.isascii() and number.isdigit() and len(number) <= 9
    found = questions.find_question(session, int(number)) if known else None
    seen = whose(visit)
    if found is None or (seen is not None and found.community_key not in seen):
        raise HTTPException(404, say("beheer vraag.weg"))
    return found


def _one(visit: Visit, problem: str = "", status: int = 200, typed: Form | None = None) -> Response:
    with visit.desk.web.store.reading() as session:
        question = _get(visit, session)
        reading = read(question.text, visit.now, vocabulary(session, visit.reads))
    return visit.page(
        "vraag.html",
        status,
        question=question,
        line=_line(question, visit),
        reading=reading_text(reading, visit.now),
        settled=moment(question.settled_at, visit.now) if question.settled_at else None,
        problem=problem,
        typed=typed.lines("antwoord") if typed else "",
    )


def _answer(visit: Visit, form: Form) -> Response:
    text = form.lines("antwoord")
    if not text:
        return _one(visit, say("beheer vraag.leeg antwoord"), 422, form)
    if len(text) > MOST_ANSWER:
        return _one(visit, say("beheer vraag.antwoord te lang", aantal=str(MOST_ANSWER)), 422, form)
    with visit.desk.web.store.writing() as session:
        question = _get(visit, session)
        if not _can_answer(visit, question):
            raise HTTPException(403, say("beheer vraag.andermans antwoord"))
        mine = questions.settle(session, question.id, "answered", visit.now)
        if mine:
            _owe(visit, session, question, text)
            visit.note(session, "question answered", f"question:{question.id}", after={"answer": text})
    if not mine:
        return _one(visit, say("beheer vraag.al afgehandeld"), 409, form)
    return visit.onward("/beheer/vragen", say("beheer vraag.antwoord vertrekt"))


def _owe(visit: Visit, session: Session, question: UnreadQuestion, text: str) -> None:
    """The answer is owed like any other: it goes out at once, and survives a crash."""
    first, _, rest = text.partition("\n")
    reply = Reply(
        headline=first,
        paragraphs=tuple(line for line in rest.split("\n") if line.strip()),
        source=say("antwoord.ondertekening", naam=visit.person.name),
    )
    owed = outbox.Owed(
        key=f"{ANSWER}:console:{question.id}",
        kind=ANSWER,
        platform=question.platform or "",
        due_at=visit.now,
        late_until=visit.now + visit.desk.rules.lateness.answer,
        community_key=question.community_key,
        thread=question.thread,
        payload={"reply": dump(reply)},
    )
    outbox.enqueue(session, owed, visit.now)


def _set_aside(visit: Visit, _form: Form) -> Response:
    with visit.desk.web.store.writing() as session:
        question = _get(visit, session)
        community = _community(visit, question)
        whole = visit.may("modereren")
        if not whole and not (community is not None and may_steer(visit.person, community)):
            raise HTTPException(403, say("beheer vraag.andermans vraag"))
        if questions.settle(session, question.id, "set aside", visit.now):
            visit.note(session, "question set aside", f"question:{question.id}")
    return visit.onward("/beheer/vragen", say("beheer vraag.van de lijst"))


# --- words -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How one question is read without and with a new word."""

    text: str
    before: str
    after: str


def _words(
    visit: Visit,
    problem: str = "",
    status: int = 200,
    typed: Form | None = None,
    shown: Sequence[Shown] = (),
) -> Response:
    with visit.desk.web.store.reading() as session:
        words = lexicon.list_words(session)
        question = typed.text("bij") if typed else visit.asked("bij")
    return visit.page(
        "woorden.html",
        status,
        words=[(each, moment(each.added_at, visit.now)) for each in words],
        problem=problem,
        shown=shown,
        seen=_mark(folded(typed.text("woord")), folded(typed.text("betekenis"))) if shown and typed else "",
        word=typed.text("woord") if typed else visit.asked("woord"),
        meaning=typed.text("betekenis") if typed else "",
        question=question,
        back=(
            f"/beheer/vragen/{question}" if question.isascii() and question.isdigit() else "/beheer/vragen"
        ),
    )


def _teach(visit: Visit, form: Form) -> Response:
    word, meaning = folded(form.text("woord")), folded(form.text("betekenis"))
    problem = ""
    if not word or " " in word or len(word) > MOST_WORD:
        problem = say("beheer vraag.geen woord", aantal=str(MOST_WORD))
    elif not meaning or len(meaning) > MOST_MEANING:
        problem = say("beheer vraag.geen betekenis", aantal=str(MOST_MEANING))
    elif word in meaning.split():
        problem = say("beheer vraag.woord in betekenis")
    if problem:
        return _words(visit, problem, 422, form)
    with visit.desk.web.store.writing() as session:
        known = vocabulary(session, visit.reads)
        if not says_something(meaning, known, visit.now):
            return _words(visit, say("beheer vraag.zegt niets", betekenis=meaning), 422, form)
        if form.text("gezien") != _mark(word, meaning):
            # First it is seen what the word would do; then it is taught.
            shown = _shown(session, visit, form.text("bij"), word, meaning)
            return _words(visit, typed=form, shown=shown)
        before = lexicon.find_word(session, word)
        lexicon.teach(session, word, meaning, visit.person.name, visit.now)
        visit.note(
            session,
            "word taught",
            f"word:{word}",
            before={"meaning": before.meaning} if before else None,
            after={"meaning": meaning},
        )
    return visit.onward("/beheer/woorden", say("beheer vraag.geleerd", woord=word, betekenis=meaning))


def _mark(word: str, meaning: str) -> str:
    """What the form remembers of the word that was shown as it will be read."""
    return version_of(word, meaning)


def _shown(session: Session, visit: Visit, number: str, word: str, meaning: str) -> list[Shown]:
    """The questions that hold the word, the one somebody came from first; else the word by itself."""
    known = vocabulary(session, visit.reads)
    taught = with_word(known, word, meaning)
    waiting = questions.open_questions(session, whose(visit), 200)
    holding = [each for each in waiting if word in re.findall(r"\w+", folded(each.text))]
    holding.sort(key=lambda each: str(each.id) != number)
    texts = list(dict.fromkeys(each.text for each in holding))[:MOST_SHOWN] or [word]
    return [
        Shown(
            text=text,
            before=reading_text(read(text, visit.now, known), visit.now),
            after=reading_text(read(text, visit.now, taught), visit.now),
        )
        for text in texts
    ]


def _forget(visit: Visit, form: Form) -> Response:
    word = folded(form.text("woord"))
    with visit.desk.web.store.writing() as session:
        before = lexicon.find_word(session, word)
        if before is None:
            raise HTTPException(404, say("beheer vraag.woord weg"))
        lexicon.unteach(session, word)
        visit.note(session, "word forgotten", f"word:{word}", before={"meaning": before.meaning})
    done = say("beheer vraag.vergeten", woord=word, betekenis=before.meaning)
    return visit.onward("/beheer/woorden", done)

"""What a browser sends with a form, and the version by which two who edit at once are told apart."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from handlers.moderation.fields import Field, Sort
from handlers.wording.catalogue import say
from store.codec import dump
from store.exchange.limits import MAX_BYTES

#: The most that a form without a file holds, in bytes, and how many fields.
MAX_FORM = 200_000
MAX_FIELDS = 400

NO_FORM = "beheer.formulier stuk"


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file that came with a form."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The fields of a form, without control signs; what was not sent is empty."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: File | None = None

    def text(self, name: str) -> str:
        """The value of a field in one line, trimmed."""
        return " ".join(self.lines(name).split())

    def lines(self, name: str) -> str:
        """The value of a field with its line breaks, trimmed."""
        values = self.fields.get(name, ())
        return values[-1].strip() if values else ""

    def choices(self, name: str) -> tuple[str, ...]:
        """All values of a field of which several can be chosen, each once."""
        values = (value.strip() for value in self.fields.get(name, ()))
        return tuple(dict.fromkeys(value for value in values if value))

    def has(self, name: str) -> bool:
        return name in self.fields


def typed(form: Form, fields: Sequence[Field]) -> dict[str, str | tuple[str, ...]]:
    """What was typed in these fields, to be read, or shown again whatever is wrong with it."""
    return {
        one.name: (
            form.choices(one.name)
            if one.sort is Sort.CHOICES
            else form.lines(one.name)
            if one.sort is Sort.LONG_TEXT
            else form.text(one.name)
        )
        for one in fields
    }


async def read_form(request: Request) -> Form:
    """Read a form of either kind.

    Raises:
        HTTPException: 413 when it is too large, 415 when it is no form, 422 when it is broken.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "application/x-www-form-urlencoded":
        return await read_fields(request)
    if kind == "multipart/form-data":
        return await _multipart(request)
    raise HTTPException(415, say("beheer.formulier elders"))


async def read_fields(request: Request, most: int = MAX_FORM, too_large: str = "") -> Form:
    """Read a form without files, of at most so many bytes.

    Raises:
        HTTPException: 413 with the words of `too_large` or those of the console, 422 when it is broken.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413, too_large or say("beheer.formulier te groot"))
    return Form(fields=_urlencoded(bytes(body)))


def _urlencoded(body: bytes) -> dict[str, tuple[str, ...]]:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(422, say(NO_FORM)) from None
    return {plain(name): tuple(plain(value) for value in values) for name, values in fields.items()}


async def _multipart(request: Request) -> Form:
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise HTTPException(411, say(NO_FORM))
    if int(length) > MAX_BYTES + MAX_FORM:
        raise HTTPException(413, say("beheer.bestand te groot"))
    try:
        sent = await request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FORM)
    except (MultiPartException, HTTPException, UnicodeDecodeError):
        raise HTTPException(422, say(NO_FORM)) from None
    fields: dict[str, tuple[str, ...]] = {}
    file = None
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            file = File(name=plain(value.filename or "")[:200], data=await value.read())
        else:
            fields[plain(name)] = (*fields.get(plain(name), ()), plain(value))
    await sent.close()
    return Form(fields=fields, file=file)


def plain(text: str) -> str:
    """The text with its line breaks, and without the signs that no database and no reader wants."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in kept if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"}
    )


def version_of(*values: object) -> str:
    """A short code that differs when any of these values does; dataclasses are compared field by field."""
    told = [_told(value) for value in values]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _told(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Sequence):
        return [_told(each) for each in value]
    return {
        name: sorted(map(str, each)) if isinstance(each, list) else each for name, each in dump(value).items()
    }

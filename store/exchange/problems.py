"""What is wrong in a file, where it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.wording.catalogue import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One finding in a file, as a moderator reads it.

    Attributes:
        reason: in Dutch, what is wrong and what to do.
        line: where in the file (the first line, usually the header, is 1); None is the whole file.
        column: the Dutch name of the column; None is the whole line.
    """

    reason: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """The finding in one line: "Regel 4, kolom gemeente: vul dit in, het is verplicht."."""
        if self.line is None:
            if self.column is None:
                return self.reason
            return say("invoer.in kolom", kolom=self.column, reden=self.reason)
        line = str(self.line)
        if self.column is None:
            return say("invoer.op regel", regel=line, reden=self.reason)
        return say("invoer.op regel in kolom", regel=line, kolom=self.column, reden=self.reason)


@dataclass(frozen=True, slots=True)
class Unfit:
    """A cell that cannot be what its column asks; `reason` is Dutch and says what to do."""

    reason: str


def in_a_row(*sentences: str) -> str:
    """Sentences as one text, without those that are empty."""
    return " ".join(each for each in sentences if each)

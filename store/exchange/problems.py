"""What is wrong in a file, where it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


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
        where = [f"regel {self.line}"] if self.line is not None else []
        where += [f"kolom {self.column}"] if self.column is not None else []
        if not where:
            return self.reason
        place = ", ".join(where)
        return f"{place[0].upper()}{place[1:]}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Unfit:
    """A cell that cannot be what its column asks; `reason` is Dutch and says what to do."""

    reason: str

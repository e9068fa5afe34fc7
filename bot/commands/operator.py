"""Who acts on the command line, for the audit log."""

from __future__ import annotations

from getpass import getuser

from handlers.model import Person, Role


def _login() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return "operator"


OPERATOR = Person(platform="cli", external_id=_login(), name=_login(), role=Role.ADMINISTRATOR)

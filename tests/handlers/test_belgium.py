"""The Belgian calendar alone: it is the package's own, and no other country is loaded for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _told(probe: str) -> str:
    """What a fresh interpreter prints; here the countries may have been imported by other tests."""
    ran = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_no_other_country_is_loaded() -> None:
    probe = (
        "import sys\n"
        "from handlers.belgium import belgium\n"
        "belgium()(years=2027, subdiv='Flemish', categories='school', language='nl')\n"
        "print('holidays.countries.netherlands' in sys.modules, 'holidays.countries' in sys.modules)\n"
    )
    assert _told(probe) == "False False"


def test_the_days_are_those_of_the_package() -> None:
    probe = (
        "from handlers.belgium import belgium\n"
        "ours = dict(belgium()(years=2027, language='nl'))\n"
        "import holidays\n"
        "from holidays.countries import Netherlands\n"
        "print(ours == dict(holidays.country_holidays('BE', language='nl', years=2027)), len(ours) >= 10)\n"
    )
    assert _told(probe) == "True True"

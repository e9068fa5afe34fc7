"""The Belgian calendar of the `holidays` package, without those of the two hundred other countries."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays.holiday_base import HolidayBase

_COUNTRIES = "holidays.countries"

_one_at_a_time = threading.Lock()


@cache
def belgium() -> type[HolidayBase]:
    """The holidays of Belgium, to be made for some years; slow at first use.

    The package of the countries imports each of them, which keeps 9 MiB for good. Where nobody imported it
    yet, an empty one stands in its place while the one country is imported that is asked for.
    """
    with _one_at_a_time:
        spec = importlib.util.find_spec(_COUNTRIES)
        stands_in = spec is not None and _COUNTRIES not in sys.modules
        if spec is not None and stands_in:
            sys.modules[_COUNTRIES] = importlib.util.module_from_spec(spec)
        try:
            country: type[HolidayBase] = importlib.import_module(f"{_COUNTRIES}.belgium").Belgium
        finally:
            if stands_in:
                del sys.modules[_COUNTRIES]
    return country

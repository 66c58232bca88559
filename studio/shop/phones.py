"""Phone numbers of mainland China, however people type them."""

import re
import unicodedata

from studio.errors import BadInput

_SEPARATORS = re.compile(r"[\s\-‐-―()（）.]")
_COUNTRY = re.compile(r"^(?:\+86|0086)|^86(?=1[3-9]\d{9}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-8][0-9]{6,7})")
_MAX_TYPED = 40


def normalise(typed: str) -> str:
    """13812345678, or 021-12345678 for a landline; +86, spaces, hyphens and fullwidth digits are taken.

    Raises:
        BadInput: anything else; `field` says "phone", the number itself is not repeated.
    """
    if len(typed) <= _MAX_TYPED:
        plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
        national = _COUNTRY.sub("", plain)
        if _MOBILE.fullmatch(national):
            return national
        if national != plain and not national.startswith("0"):
            national = f"0{national}"  # abroad, a landline's area code loses its 0
        landline = _LANDLINE.fullmatch(national)
        if landline:
            return "-".join(landline.groups())
    raise BadInput(
        "手机号不对：请填 11 位手机号，或带区号的座机（021-12345678）",
        "this phone number is not valid: give 11 digits, or a landline with its area code (021-12345678)",
        field="phone",
    )

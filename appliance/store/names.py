"""The form in which names of people, roles and departments are compared."""

import unicodedata


def name_key(name: str) -> str:
    """Compatibility forms and letter case do not tell names apart."""
    return unicodedata.normalize("NFKC", name).casefold()

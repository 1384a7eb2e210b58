"""The only type of human-readable sentence.

A `Text` stands next to the thing it names and carries both languages, so that neither can drift.
Placeholders are named, `{like_this}`, and must agree in both languages.
"""

import string
from typing import Literal

import msgspec

Language = Literal["en", "zh"]


class Text(msgspec.Struct, frozen=True):
    """One sentence in every language of the product.

    Raises: ValueError when the languages do not name the same placeholders
    """

    en: str
    zh: str

    def __post_init__(self) -> None:
        if _placeholders(self.en) != _placeholders(self.zh):
            message = f"placeholders differ between {self.en!r} and {self.zh!r}"
            raise ValueError(message)

    def render(self, language: Language, **facts: object) -> str:
        """Fill the sentence in; a missing fact is shown as its name, never an exception."""
        pattern = self.zh if language == "zh" else self.en
        return pattern.format_map(_Facts({name: str(value) for name, value in facts.items()}))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _placeholders(pattern: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(pattern) if name)

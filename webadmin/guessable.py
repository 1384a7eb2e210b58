"""Whether somebody would guess a password soon: what is left of it when everything guessable counts as little. Pure.

Rules of composition alone let `Password1!` pass; what guessers try first are words, names, rows of the keyboard,
years and repetitions, with digits for letters. Source: Wheeler, "zxcvbn" (USENIX Security 2016), the idea; NIST SP
800-63B §5.1.1.2
"""

import re

ENOUGH = 8
"""Signs that must be left; a guessable part counts as one."""

_WORDS = frozenset(
    [
        "password",
        "passwort",
        "passw0rd",
        "mima",
        "woaini",
        "iloveyou",
        "welcome",
        "login",
        "admin",
        "administrator",
        "root",
        "system",
        "manager",
        "master",
        "super",
        "user",
        "guest",
        "test",
        "demo",
        "default",
        "changeme",
        "change",
        "secret",
        "letmein",
        "access",
        "office",
        "company",
        "service",
        "support",
        "recorder",
        "recording",
        "tapeline",
        "telephone",
        "phone",
        "asterisk",
        "huawei",
        "cisco",
        "server",
        "computer",
        "internet",
        "network",
        "database",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "basketball",
        "superman",
        "batman",
        "michael",
        "jordan",
        "shadow",
        "charlie",
        "jennifer",
        "thomas",
        "robert",
        "daniel",
        "andrew",
        "joshua",
        "matthew",
        "summer",
        "winter",
        "spring",
        "autumn",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "china",
        "beijing",
        "shanghai",
        "shenzhen",
        "germany",
        "berlin",
        "london",
        "paris",
        "america",
        "hello",
        "world",
        "qazwsx",
        "zaq1",
        "1qaz",
        "2wsx",
        "trustno1",
        "starwars",
        "pokemon",
        "whatever",
        "freedom",
        "nothing",
        "abc123",
        "love",
        "money",
        "google",
        "apple",
        "windows",
        "samsung",
        "flower",
        "soccer",
        "hockey",
        "hunter",
        "killer",
        "ginger",
        "pepper",
        "cookie",
        "cheese",
        "chocolate",
        "orange",
        "banana",
        "purple",
        "silver",
        "golden",
        "diamond",
        "mustang",
        "corvette",
        "ferrari",
        "porsche",
        "mercedes",
        "maggie",
        "buster",
        "tigger",
        "bailey",
    ]
)
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb",
    "1234567890",
)
_LIKE = str.maketrans("@431!05$7", "aaeiiosst")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[01]\d[0-3]\d)?")
_SHORTEST_RUN = 3
_SHORTEST_WORD = 4


def strength(password: str, *names: str) -> int:
    """Signs that a guesser has to find out, `names` being what is known of the person."""
    text = password.casefold()
    plain = text.translate(_LIKE)
    words = {
        part
        for name in names
        for part in (name.casefold(), *re.split(r"[\W_]+", name.casefold()))
        if len(part) >= _SHORTEST_RUN
    }
    position = left = 0
    while position < len(text):
        position += max(
            1,
            _word(text, plain, position, words),
            _row(text, position),
            _run(text, position),
            _again(text, position),
            _year(text, position),
        )
        left += 1
    return left


def _word(text: str, plain: str, start: int, names: set[str]) -> int:
    known = [
        word for word in (*_WORDS, *names) if text.startswith(word, start) or plain.startswith(word, start)
    ]
    return max((len(word) for word in known), default=0)


def _row(text: str, start: int) -> int:
    """The longest part of a row of the keyboard, in either direction, that begins here."""
    best = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        at = row.find(text[start])
        length = 0
        while (
            at >= 0
            and at + length < len(row)
            and text[start + length : start + length + 1] == row[at + length]
        ):
            length += 1
        best = max(best, length)
    return best if best >= _SHORTEST_WORD else 0


def _run(text: str, start: int) -> int:
    """The length of `aaaa`, `1234` or `dcba` that begins here."""
    longest = 1
    for step in (0, 1, -1):
        length = 1
        while (
            start + length < len(text) and ord(text[start + length]) - ord(text[start + length - 1]) == step
        ):
            length += 1
        longest = max(longest, length)
    return longest if longest >= _SHORTEST_RUN else 0


def _again(text: str, start: int) -> int:
    """How much from here on only repeats what came before."""
    length = 0
    while start + length < len(text) and text[start : start + length + 1] in text[:start]:
        length += 1
    return length if length >= _SHORTEST_RUN else 0


def _year(text: str, start: int) -> int:
    found = _YEAR.match(text, start)
    return len(found[0]) if found else 0

"""A cell of a CSV file as a spreadsheet may take it. What it holds comes from telephones and strangers."""

_DANGEROUS = ("=", "@", "\t", "\r", "-", "+")


def harmless(text: str) -> str:
    """The text so that no spreadsheet computes with it; a number as +4930123456 is none and stays.

    Source: OWASP "CSV Injection"
    """
    is_number = text.startswith("+") and text[1:].isdecimal()
    return f"'{text}" if text.startswith(_DANGEROUS) and not is_number else text

"""What a browser says of itself, made short: the operating system and the browser, each with its main version.

User-Agent strings are no standard; the order of the rows below is what keeps the many liars apart (every browser
claims to be Mozilla, Chromium's children also claim to be Chrome, Chrome claims to be Safari).
"""

import re

_SYSTEMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Windows NT 10\.0"), "Windows 10/11"),
    (re.compile(r"Windows NT 6\.3"), "Windows 8.1"),
    (re.compile(r"Windows NT 6\.1"), "Windows 7"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"OpenHarmony ?([\d.]{0,8})|HarmonyOS"), "HarmonyOS"),
    (re.compile(r"Android (\d{1,3})"), "Android"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"(?:iPhone|iPad|iPod).{0,40}? OS (\d{1,3})"), "iOS"),
    (re.compile(r"iPhone|iPad"), "iOS"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"Linux|X11"), "Linux"),
)
_BROWSERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"MicroMessenger/(\d{1,4})"), "WeChat"),
    (re.compile(r"(?:Edg|EdgA|EdgiOS)/(\d{1,4})"), "Edge"),
    (re.compile(r"(?:OPR|Opera)/(\d{1,4})"), "Opera"),
    (re.compile(r"(?:UCBrowser|QQBrowser|MQQBrowser)/(\d{1,4})"), "QQ/UC"),
    (re.compile(r"SamsungBrowser/(\d{1,4})"), "Samsung Internet"),
    (re.compile(r"(?:Firefox|FxiOS)/(\d{1,4})"), "Firefox"),
    (re.compile(r"(?:HeadlessChrome|Chrome|CriOS|Chromium)/(\d{1,4})"), "Chrome"),
    (re.compile(r"Version/(\d{1,4}).{0,60}Safari"), "Safari"),
    (re.compile(r"curl/(\d{1,4})"), "curl"),
    (re.compile(r"(?:python-requests|Python-urllib|python-httpx|aiohttp)/(\d{1,4})"), "Python"),
    (re.compile(r"PowerShell/(\d{1,4})"), "PowerShell"),
)


def named(agent: str) -> tuple[str, str]:
    """Operating system and browser of a User-Agent; '' for what cannot be told.

    Source: RFC 9110 §10.1.5
    """
    agent = agent[:512]
    return _first(_SYSTEMS, agent), _first(_BROWSERS, agent)


def _first(table: tuple[tuple[re.Pattern[str], str], ...], agent: str) -> str:
    for pattern, name in table:
        if found := pattern.search(agent):
            version = (found[1] or "") if pattern.groups else ""
            return f"{name} {version}".strip()
    return ""

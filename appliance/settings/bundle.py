"""Settings as a file that can be carried to another box: written, opened, and taken over as far as they fit there.

Secrets travel only under a passphrase. What does not fit stays as it is, each with its reason.

Source: RFC 9106 (Argon2id, the second recommended parameters); NIST SP 800-38D (GCM)
"""

import base64
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.core.errors import Invalid
from appliance.core.problem import invalid
from appliance.core.release import VERSION
from appliance.core.text import Text
from appliance.settings import storage
from appliance.settings.form import label
from appliance.settings.root import Settings
from appliance.settings.secret import put_back, taken_out

KIND = "tapeline-settings"
MOST_PROBLEMS = 50
NEVER_TAKEN = frozenset({"version", "revision", "network"})
"""A box stays where it is found in the network, whatever another one's file says."""

_SALT_BYTES = 16
_NONCE_BYTES = 12
_PASSES = 3
_MEMORY_KIB = 65536
_LANES = 4
_PARTS = re.compile(r"[^.\[\]]+")

Bytes = Annotated[str, msgspec.Meta(max_length=1 << 20)]


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """Secrets under a passphrase, base64. The key is Argon2id of passphrase and salt."""

    salt: Bytes
    nonce: Bytes
    content: Bytes


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """The file. `settings` hold no secrets; `version` is that of their shape."""

    kind: str
    release: str
    box: str
    made_at: datetime
    revision: int
    settings: dict[str, Any]
    secrets: Sealed | None = None


class Problem(NamedTuple):
    """A setting of the file that this box cannot take; `path` as in `capture.sip_ports[0]`."""

    path: str
    label: Text | None
    why: Invalid


class Taken(NamedTuple):
    """The settings as they would be, and what of the file is left out of them."""

    settings: Settings
    problems: list[Problem]


def pack(settings: Settings, made_at: datetime, passphrase: str = "") -> Bundle:
    """The settings as a file; with a passphrase secrets come along."""
    content, secrets = taken_out(msgspec.to_builtins(settings))
    return Bundle(
        kind=KIND,
        release=VERSION,
        box=settings.network.host_name,
        made_at=made_at,
        revision=settings.revision,
        settings=content,
        secrets=_seal(secrets, passphrase) if passphrase else None,
    )


def unpack(content: Mapping[str, Any]) -> Bundle:
    """The file as it was read.

    Raises: Invalid for what is no such file
    """
    try:
        found = msgspec.convert(content, Bundle)
    except msgspec.ValidationError as error:
        raise invalid(str(error), "content") from error
    if found.kind != KIND:
        raise Invalid(field="content", problem=Text(en="is no export of settings", zh="不是设置导出文件"))
    return found


def opened(bundle: Bundle, passphrase: str) -> dict[str, str]:
    """The secrets of a file by their paths, none without a passphrase.

    Raises: Invalid for the wrong one
    """
    if bundle.secrets is None or not passphrase:
        return {}
    try:
        content = _bytes(bundle.secrets.content)
        salt, nonce = _bytes(bundle.secrets.salt, _SALT_BYTES), _bytes(bundle.secrets.nonce, _NONCE_BYTES)
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, content, KIND.encode())
        return msgspec.json.decode(plain, type=dict[str, str])
    except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise Invalid(
            field="passphrase", problem=Text(en="does not open this file", zh="无法打开此文件")
        ) from error


def taken(
    bundle: Bundle, secrets: Mapping[str, str], current: Settings, sections: Iterable[str] | None = None
) -> Taken:
    """The settings in force with those of the file on top: all parts of it, or the named ones.

    What the file does not name, secrets it does not hold, and the network stay as they are.
    Raises: Invalid for a file of another version of the settings than is known
    """
    base = msgspec.to_builtins(current)
    given = storage.migrated(dict(bundle.settings))
    chosen = {
        name: part
        for name, part in given.items()
        if name not in NEVER_TAKEN and (sections is None or name in set(sections))
    }
    _, kept = taken_out(base)
    wanted = put_back(put_back(merged(base, chosen), kept), dict(secrets))
    problems: list[Problem] = []
    left: set[tuple[str, ...]] = set()
    while True:
        try:
            return Taken(storage.validate(wanted), problems)
        except Invalid as error:
            path = str(error.facts.get("field", ""))
            if len(problems) >= MOST_PROBLEMS:
                raise
            problems.append(Problem(path, label(path), error))
            wanted = _without(wanted, base, path, left)


def merged(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The file's values on top; parts are merged, lists and kinds are taken whole."""
    found = dict(base)
    for name, value in given.items():
        before = found.get(name)
        if isinstance(before, dict) and isinstance(value, dict) and "kind" not in {**before, **value}:
            found[name] = merged(before, value)
        else:
            found[name] = value
    return found


def _without(
    wanted: dict[str, Any], base: dict[str, Any], path: str, left: set[tuple[str, ...]]
) -> dict[str, Any]:
    """A copy in which the setting at a path is as before; more of it where that did not help."""
    way: list[str] = []
    known: Any = base
    for name in _PARTS.findall(path):
        if not isinstance(known, dict) or "kind" in known:
            break
        way.append(name)
        known = known.get(name)
    while len(way) > 1 and tuple(way) in left:
        way.pop()
    left.add(tuple(way))
    if not way or len(left) > MOST_PROBLEMS:
        return base
    return _put(wanted, base, way)


def _put(wanted: Any, base: Any, way: list[str]) -> dict[str, Any]:
    head, *rest = way
    content = dict(wanted) if isinstance(wanted, dict) else {}
    if not isinstance(base, dict) or head not in base:
        content.pop(head, None)
    elif rest and isinstance(content.get(head), dict):
        content[head] = _put(content[head], base[head], rest)
    else:
        content[head] = base[head]
    return content


def _seal(secrets: Mapping[str, str], passphrase: str) -> Sealed:
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    content = AESGCM(_key(passphrase, salt)).encrypt(nonce, msgspec.json.encode(secrets), KIND.encode())
    return Sealed(salt=_text(salt), nonce=_text(nonce), content=_text(content))


def _bytes(text: str, length: int | None = None) -> bytes:
    content = base64.b64decode(text, validate=True)
    if length is not None and len(content) != length:
        raise ValueError(text)
    return content


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _key(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, 32, Type.ID)

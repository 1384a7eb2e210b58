"""The built page: every file known beforehand, so that no address can lead anywhere else.

Files with a hash in their name may be kept for ever; an address without a file is a view of the page itself.
"""

import hashlib
import mimetypes
from pathlib import Path
from typing import NamedTuple

from appliance.core.errors import Later, NotFound
from appliance.core.text import Text
from webadmin.files import has_newest
from webadmin.handler import Guarded
from webadmin.panel import Panel
from webadmin.refusals import MethodNotAllowed

INDEX = "index.html"
_IMMUTABLE = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
_TEXTUAL = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


class NotBuilt(Later):
    """The page's files are missing."""

    text = Text(en="The page has not been built (make ui).", zh="页面尚未构建（make ui）。")
    after_s = 10.0


class Asset(NamedTuple):
    """One file of the page, with its compressed forms: encoding -> file."""

    path: Path
    media_type: str
    etag: str
    is_hashed: bool
    encoded: dict[str, Path]


class Assets:
    """The files of one build; looked at again when the index was rebuilt."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed_ns = -1
        self._found: dict[str, Asset] = {}

    def find(self, address: str) -> Asset:
        """The file behind an address.

        Raises: NotBuilt, NotFound
        """
        self._renew()
        asset = self._found.get(address.lstrip("/"))
        if asset is None and "." not in address.rpartition("/")[2] and not address.startswith("/assets/"):
            asset = self._found.get(INDEX)
        if asset is None:
            raise NotFound(what=address[:200])
        return asset

    def _renew(self) -> None:
        try:
            changed_ns = (self._folder / INDEX).stat().st_mtime_ns
        except OSError as error:
            raise NotBuilt from error
        if changed_ns != self._changed_ns:
            self._found = _scan(self._folder)
            self._changed_ns = changed_ns


def _scan(folder: Path) -> dict[str, Asset]:
    root = folder.resolve()
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.resolve().is_relative_to(root)
    }
    compressed = tuple(suffix for _, suffix in _ENCODINGS)
    return {
        name: Asset(
            path=path,
            media_type=_media_type(path),
            etag=hashlib.sha256(path.read_bytes()).hexdigest()[:32],
            is_hashed=name.startswith("assets/"),
            encoded={
                encoding: files[name + suffix] for encoding, suffix in _ENCODINGS if name + suffix in files
            },
        )
        for name, path in files.items()
        if not (name.endswith(compressed) and name.rpartition(".")[0] in files)
    }


def _media_type(path: Path) -> str:
    found = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith(_TEXTUAL) else found


class PageHandler(Guarded):
    """Serves the page to everyone: it holds no data, only code."""

    def initialize(self, panel: Panel, assets: Assets) -> None:
        """Take what the URL specification carries."""
        self.panel = panel
        self._assets = assets

    def prepare(self) -> None:
        """Refuse what is no reading."""
        if self.request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(method=self.request.method, allowed="GET, HEAD")

    async def get(self) -> None:
        """Send the file, compressed where the browser likes it and the build made it."""
        asset = await self.panel.read(self._assets.find, self.request.path)
        encoding = self._encoding(asset)
        etag = asset.etag + (f"-{encoding}" if encoding else "")
        self.set_header("Cache-Control", _IMMUTABLE if asset.is_hashed else "no-cache")
        self.set_header("ETag", f'"{etag}"')
        if asset.encoded:
            self.set_header("Vary", "Accept-Encoding")
        if has_newest(self.request.headers.get("If-None-Match", ""), etag):
            self.set_status(304)
            self.finish()
            return
        self.set_header("Content-Type", asset.media_type)
        if encoding:
            self.set_header("Content-Encoding", encoding)
        content = await self.panel.read((asset.encoded[encoding] if encoding else asset.path).read_bytes)
        self.finish(content)

    head = get

    def _encoding(self, asset: Asset) -> str:
        accepted = {
            part.partition(";")[0].strip()
            for part in self.request.headers.get("Accept-Encoding", "").split(",")
            if not part.replace(" ", "").endswith(";q=0")
        }
        return next((encoding for encoding, _ in _ENCODINGS if encoding in accepted & set(asset.encoded)), "")

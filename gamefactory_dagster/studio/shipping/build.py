"""The web bundle: from the files under ``web/`` of a game's repository to what is published.

What belongs here: the ``Builder`` protocol, the bundle, its checks, and the forms it is handed out in
(folder, zip, single page). What does not: where a bundle is stored, published or played.
"""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import orjson

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio import audio
from gamefactory_dagster.studio.design.gdd import LEVELS
from gamefactory_dagster.studio.shipping.commits import check_path
from gamefactory_dagster.studio.shipping.game_file import game_problems
from gamefactory_dagster.studio.shipping.minify import minified_css, minified_html, minified_js
from gamefactory_dagster.studio.shipping.web import media_type

BUDGET = 600_000
"""Bytes a published game may have, all files together (design: under 600 kB a game)."""

_NEEDED = ("index.html", "player.js", "game.json")
SOUND_FILES = tuple(f"audio/{name}" for name in audio.FILES)
"""What a game with art is heard from."""

_NEEDED_ART = (
    "atlas.png", "atlas.json", "bg_far.png", "bg_mid.png", "bg_near.png", "icon.png", "splash.png",
    "crest.png",
)  # fmt: skip
_MAX_FILES = 200
_MAX_UNPACKED = 16 * 1024 * 1024
_EXTERNAL = re.compile(
    rb"""\b(?:https?|wss?|ftp):\\?/\\?/[^\s"'`)<>]+|(?:["'`(=]|url\()\s*//[\w-]+\.[\w.-]+""", re.I
)
_REFERENCE = re.compile(r'\b(href|src)="(?:\./)?([^"]+)"')
_NAMESPACE = b"http://www.w3.org/"
"""The prefix of XML namespaces (SVG): a name, never fetched."""


@dataclass(frozen=True)
class Bundle:
    """A built game: files by path, and the same as one deterministic zip."""

    files: dict[str, bytes]
    zip: bytes

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Self:
        """Make a bundle of these files, in order of path."""
        ordered = {path: files[path] for path in sorted(files)}
        return cls(ordered, pack(ordered))

    @classmethod
    def from_zip(cls, data: bytes) -> Self:
        """Read back a bundle that ``of`` made. Raises InputError for anything else, before unpacking much."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                if len(entries) > _MAX_FILES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
                    raise InputError("zip", len(data), "a bundle of ordinary size")
                for entry in entries:
                    check_path(entry.filename)
                return cls({entry.filename: archive.read(entry) for entry in entries}, data)
        except zipfile.BadZipFile as error:
            raise InputError("zip", data[:20], f"a zip file ({error})") from error

    @cached_property
    def sha256(self) -> str:
        """Of the zip; and as the zip depends on the files alone, of the files."""
        return hashlib.sha256(self.zip).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of the zip."""
        return len(self.zip)

    @property
    def manifest(self) -> dict[str, str]:
        """SHA-256 of every file, by path."""
        return {path: hashlib.sha256(content).hexdigest() for path, content in self.files.items()}


class Builder(Protocol):
    """Turns a repository's files into a bundle."""

    def build(self, files: Mapping[str, bytes], version: str) -> Bundle:
        """Build what ``files`` (path -> content, as read from the repository) describe."""
        ...


class WebBuilder:
    """Builds the web bundle here, from the files alone: same files and version, same bytes."""

    def build(self, files: Mapping[str, bytes], version: str) -> Bundle:
        """Build the bundle of ``web/``; ``version`` (``1.0.0``) is stamped into its ``game.json``.

        The scripts of ``web/src/`` are joined in the order of ``web/src/manifest.json`` into ``player.js``.
        Raises PermanentError where a file is missing or cannot be parsed.
        """
        web = {path.removeprefix("web/"): data for path, data in files.items() if path.startswith("web/")}
        built = {path: _finished(path, data) for path, data in web.items() if not path.startswith("src/")}
        built["player.js"] = minified_js(_scripts(web))
        built["game.json"] = _stamped(web, version)
        return Bundle.of(built)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Zip ``files``: same files, same bytes, on any machine.

    Order, dates and attributes are fixed, and nothing is deflated: pictures and sounds are packed already,
    and what deflate makes of the rest depends on the zlib of the machine.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def single_html(bundle: Bundle) -> bytes:
    """Pack the bundle as one page that plays when opened from disk: every file is a ``data:`` URL in it.

    The player looks into ``window.GF_FILES`` (path -> URL) before it asks a server.
    """
    page = bundle.files["index.html"].decode()
    urls = {
        path: f"data:{media_type(path)};base64,{base64.b64encode(content).decode()}"
        for path, content in bundle.files.items()
        if path not in ("index.html", "player.js")
    }
    page = _REFERENCE.sub(lambda found: f'{found[1]}="{urls.get(found[2], found[2])}"', page)
    page, removed = re.subn(r'<script\b[^>]*\bsrc="(?:\./)?player\.js"[^>]*>\s*</script>', "", page)
    head, body_end, tail = page.rpartition("</body>")
    if removed != 1 or not body_end:
        raise PermanentError("index.html must load player.js exactly once and close its body")
    scripts = f"window.GF_FILES={orjson.dumps(urls).decode()};", bundle.files["player.js"].decode()
    inline = "".join(f"<script>{_inside_script(script)}</script>" for script in scripts)
    return f"{head}{inline}{body_end}{tail}".encode()


def problems(bundle: Bundle, levels: int = LEVELS) -> list[str]:
    """Say why this bundle may not be published; empty when it may. ``levels`` is how many it should have."""
    found = [f"{path} is missing" for path in _NEEDED if path not in bundle.files]
    total = sum(map(len, bundle.files.values()))
    if total > BUDGET:
        largest = max(bundle.files, key=lambda path: (len(bundle.files[path]), path))
        found.append(f"{total} bytes, over the budget of {BUDGET}; the largest file is {largest}")
    found.extend(
        f"{path} is source and must not be published" for path in bundle.files if path.startswith("src/")
    )
    for path, content in bundle.files.items():
        if path.endswith((".html", ".js", ".css")):
            urls = [url for url in _EXTERNAL.findall(content) if not url.startswith(_NAMESPACE)]
            found.extend(f"{path} refers to {url.decode(errors='replace')}" for url in urls)
    if "game.json" in bundle.files:
        found.extend(_data_problems(bundle.files, levels))
    return found


def _data_problems(files: Mapping[str, bytes], levels: int) -> list[str]:
    try:
        game = orjson.loads(files["game.json"])
    except orjson.JSONDecodeError as error:
        return [f"game.json is not JSON: {error}"]
    found = game_problems(game, levels)
    if found or not game["art"]:
        return found
    missing = [f"{path} is missing" for path in (*_NEEDED_ART, *SOUND_FILES) if path not in files]
    return missing or _unheard(game["sounds"], files["audio/score.json"])


def _unheard(sounds: list[str], score: bytes) -> list[str]:
    """Sounds of the game that are not among its effects."""
    try:
        effects = orjson.loads(score)["effects"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        return [f"audio/score.json is no score: {error}"]
    return [f"audio/score.json has no place for {sound!r}" for sound in sounds if sound not in effects]


def _scripts(web: Mapping[str, bytes]) -> str:
    names = _parsed(web, "src/manifest.json")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise PermanentError("web/src/manifest.json must be a list of file names")
    missing = [name for name in names if f"src/{name}" not in web]
    if missing:
        raise PermanentError(f"web/src/ lacks what its manifest names: {', '.join(missing)}")
    return "\n".join(web[f"src/{name}"].decode() for name in names)


def _stamped(web: Mapping[str, bytes], version: str) -> bytes:
    game = _parsed(web, "game.json")
    if not isinstance(game, dict):
        raise PermanentError("web/game.json must be an object")
    return orjson.dumps({**game, "version": version}, option=orjson.OPT_SORT_KEYS)


def _finished(path: str, content: bytes) -> bytes:
    if path.endswith(".html"):
        return minified_html(content.decode()).encode()
    if path.endswith(".css"):
        return minified_css(content.decode()).encode()
    return content


def _parsed(web: Mapping[str, bytes], path: str) -> object:
    if path not in web:
        raise PermanentError(f"web/{path} is missing")
    try:
        parsed: object = orjson.loads(web[path])
    except orjson.JSONDecodeError as error:
        raise PermanentError(f"web/{path} is not JSON: {error}") from error
    return parsed


def _inside_script(script: str) -> str:
    """Break the two character runs that would end or swallow a script element (HTML, 4.12.1.3)."""
    return re.sub(r"<(/script|!--)", r"<\\\1", script, flags=re.IGNORECASE)

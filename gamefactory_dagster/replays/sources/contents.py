"""What the bytes of a replay are held to, wherever they come from: how many, and that they are one.

What belongs here: the quick look, and reading a file to take it. What does not: what a replay says, and all
else that may be wrong with it (``replays/parsing.py``).
"""

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gamefactory_dagster.replays.parsing import MAX_BYTES

from .errors import BrokenOffError, NotAReplayError, RefusedError, TooLargeError

if TYPE_CHECKING:
    from upath import UPath


class _File(msgspec.Struct):
    plays: msgspec.Raw


_decode = msgspec.json.Decoder(_File).decode


def checked(content: bytes, name: str) -> bytes:
    """Give ``content`` back where it is a JSON object with a list ``plays``; no object is made of it.

    Raises NotAReplayError, whose text begins with ``name``.
    """
    # Chats have halves of characters, cut in two, which the parser reads and msgspec would refuse
    whole = content.replace(rb"\ud", rb"\u0").replace(rb"\uD", rb"\u0")
    try:
        plays = _decode(whole.removeprefix(codecs.BOM_UTF8)).plays
    except (msgspec.DecodeError, RecursionError):
        plays = msgspec.Raw()
    if memoryview(plays)[:1].tobytes() != b"[":
        raise NotAReplayError(f"{name} is not a replay: no JSON object with a list of plays")
    return content


def too_large(name: str) -> TooLargeError:
    """The error for more than ``MAX_BYTES``."""
    return TooLargeError(f"{name} is larger than {MAX_BYTES // 2**20} MiB; no replay is")


def read_file(path: "Path | UPath", name: str) -> bytes | None:
    """Read a replay's file, None where there is none; ``name`` is what it is called in errors.

    Raises TooLargeError, NotAReplayError, RefusedError, BrokenOffError.
    """
    try:
        if not path.is_file():  # a pipe would never end
            return None
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise RefusedError(f"{name} may not be read: {error}") from error
    except Exception as error:  # whatever a storage's own client raises
        raise BrokenOffError(f"{name} could not be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise too_large(name)
    return checked(content, name)

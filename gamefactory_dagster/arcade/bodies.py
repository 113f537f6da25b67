"""Reading a request's body from whoever sends it: as much as is bounded, for as long as is bounded.

What belongs here: what it is said to be, taking the bytes in, and reading them as JSON. What does not: what
they may say.
"""

from collections.abc import Mapping
from typing import Any

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from gamefactory_dagster.analytics.decoding import TooDeepError, decode


def plain_type(headers: Mapping[str, str]) -> str | None:
    """The media type of a body that is sent as it is, without parameters; None for one that is packed."""
    if headers.get("content-encoding", "identity") != "identity":
        return None
    return headers.get("content-type", "").split(";")[0].strip().lower()


def read_json(body: bytes) -> Any:
    """Read a body; raises HTTPException 400 for one that is no JSON, or too deep."""
    try:
        return decode(body)
    except TooDeepError as error:
        raise HTTPException(400, f"The body is {error}.") from None
    except ValueError:
        raise HTTPException(400, "The body is not JSON in UTF-8.") from None


async def take_in(body: bytearray, request: Request, most: int, seconds: float) -> None:
    """Add the request's body to ``body``, and stop as soon as it is too large, whatever its headers said.

    Raises HTTPException 413 over ``most`` bytes and 400 when it ends early, TimeoutError after ``seconds``.
    What came until then is in ``body`` all the same.
    """
    try:
        with anyio.fail_after(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise too_large(most)
    except ClientDisconnect:
        raise HTTPException(400, "The request's body ended early.") from None


def too_large(most: int) -> HTTPException:
    """Answer 413."""
    return HTTPException(413, f"The body may have at most {most} bytes.")

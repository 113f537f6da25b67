"""Reading a request's body from whoever sends it: as much as is bounded, for as long as is bounded.

What belongs here: taking the bytes in. What does not: what they may say.
"""

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request


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

"""The kinds of failure the whole project tells apart, and nothing else.

What belongs here: exception classes that more than one room raises or handles.
What does not: messages, retry timing (``work/``), or anything that imports another room.
"""


class GameFactoryError(Exception):
    """Base of every error we raise on purpose; its text is written for a person."""


class TransientError(GameFactoryError):
    """May go away by itself (network, lock, provider 429/5xx, full queue): worth another try."""


class PermanentError(GameFactoryError):
    """Will not go away by trying again (invalid design, unsolvable level): needs a person or other input."""


class InputError(PermanentError):
    """What a caller gave is not acceptable. Says which field, what was given, and what would be right."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        shown = repr(value)
        if len(shown) > 80:
            shown = f"{shown[:77]}..."
        super().__init__(f"{field}: {shown} is not accepted; expected {expected}")
        self.field = field
        self.expected = expected


class IllegalTransitionError(PermanentError):
    """A state change the lifecycle does not allow was asked for; nothing was changed."""


class CancelledError(PermanentError):
    """What was being worked at has been cancelled by a person: nothing more is made of it."""


class LeaseLostError(PermanentError):
    """Somebody else holds the work now; whoever sees this must stop and write nothing more."""

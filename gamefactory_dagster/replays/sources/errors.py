"""Why a replay was not got: every kind of failure a source has, and nothing else.

Their texts are what a person reads beside the link: they never hold an address's parameters or a header.
"""

from gamefactory_dagster.errors import PermanentError, TransientError


class NotThereError(PermanentError):
    """The source has no such replay."""


class RefusedError(PermanentError):
    """The source does not give it to us."""


class TooLargeError(PermanentError):
    """It is larger than any replay, as it comes or once it is unpacked."""


class NotAReplayError(PermanentError):
    """What came is something else."""


class StrayedError(PermanentError):
    """The endpoint leads to where nobody allowed us to go, or in circles."""


class TooSlowError(TransientError):
    """It took longer than it may."""


class BusyError(TransientError):
    """The endpoint cannot serve it now."""

    def __init__(self, text: str, after: float = 0.0) -> None:
        super().__init__(text)
        self.after = after
        """Seconds it asks to be left alone for."""


class BrokenOffError(TransientError):
    """No connection, or one that ended before the whole replay was here; or a storage that is away."""

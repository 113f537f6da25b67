"""``python -m gamefactory_dagster.studio.browser``: keep browsers for this home, until told to stop."""

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import get_settings

from .keeper import keep

if __name__ == "__main__":
    settings = get_settings()
    if settings.chromium is None:
        raise InputError("chromium", None, "a browser on this machine")
    keep(settings.home, settings.chromium)

"""Makes text smaller without changing what it means: only steps that are safe for certain.

What belongs here: script, style and page text. What does not: pictures, and anything that needs a parser
of the language; where a text holds something these steps could spoil, they refuse it or leave it alone.
"""

import re
from functools import lru_cache

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.tools import v8

_TEMPLATE_IN_TEMPLATE = re.compile(r"\$\{[^}`]*`")
_REGEX_AFTER_ARROW = re.compile(r"=>\s*/(?![/*])")
_CSS_TOKEN = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|/\*.*?\*/""", re.DOTALL)
_KEEPS_SPACE = re.compile(r"<(?:pre|textarea)\b|<script(?![^>]*\bsrc=)", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"<!--(?!\[).*?-->", re.DOTALL)
_STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(</style>)", re.DOTALL | re.IGNORECASE)


@lru_cache(maxsize=8)
def minified_js(source: str) -> bytes:
    """Take comments and needless space out of a script, and see that V8 can still parse it.

    Raises PermanentError when the script does not parse, before or after, or holds one of the two things
    rjsmin 1.3 misreads without a word: a template inside a template, and a regular expression after ``=>``.
    """
    import rjsmin

    for hazard, name in (
        (_TEMPLATE_IN_TEMPLATE, "a template inside a template"),
        (_REGEX_AFTER_ARROW, "a regular expression right after an arrow"),
    ):
        if found := hazard.search(source):
            line = source.count("\n", 0, found.start()) + 1
            raise PermanentError(
                f"line {line} of the joined scripts has {name}, which cannot be minified safely"
            )
    small = str(rjsmin.jsmin(source))
    check_parses(source, small)
    return small.encode()


def check_parses(*scripts: str) -> None:
    """Let V8 parse each script without running it. Raises PermanentError with V8's own message."""
    for complaint in filter(None, v8.parse_errors(scripts)):
        raise PermanentError(f"the joined scripts do not parse: {complaint}")


def minified_css(source: str) -> str:
    """Take out comments, indentation and the line ends after ``{``, ``}``, ``;`` and ``,``."""
    bare = _CSS_TOKEN.sub(lambda token: token.group(1) or "", source)
    return re.sub(r"(?<=[{};,])\n", "", _without_indentation(bare))


def minified_html(source: str) -> str:
    """Take out comments and indentation; a page with preformatted text or inline scripts is left as it is."""
    if _KEEPS_SPACE.search(source):
        return source
    bare = _HTML_COMMENT.sub("", source)
    styled = _STYLE.sub(lambda part: f"{part.group(1)}{minified_css(part.group(2))}{part.group(3)}", bare)
    return _without_indentation(styled)


def _without_indentation(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)

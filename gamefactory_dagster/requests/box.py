"""The box in which a visitor says what they would like to play.

What belongs here: its HTML, also where something is wrong with what was written. What does not: what is done
with it (``entering.py``). Its looks are in ``requests.css``; without ``requests.js`` it lacks the counter.
"""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from gamefactory_dagster.arcade import parts
from gamefactory_dagster.database.tables.requests import MOST_CHARACTERS
from gamefactory_dagster.database.text import storable

EXAMPLES = (
    "A calm puzzle with lighthouses at night",
    "A fast run through the snow with a fox",
    "Match cupcakes, pastel, without a timer",
)


@dataclass(frozen=True, slots=True)
class Written:
    """What is in the box, and what is wrong with it in words, empty where nothing is."""

    prompt: str = ""
    wrong: str = ""


def box(written: Written, *, path: str = "/") -> str:
    """Render the box; ``path``: the page it is on, to which the examples lead."""
    wrong, mark = "", ""
    if written.wrong:
        wrong = (
            f'<p class="wrong" id="wrong" role="alert">{parts.icon("failed")}{parts.text(written.wrong)}</p>'
        )
        mark = ' aria-invalid="true" autofocus'
    examples = "".join(
        f'<li><a class="chip" href="{escape(path)}?{urlencode({"prompt": one})}#prompt" data-example>'
        f"{escape(one)}</a></li>"
        for one in EXAMPLES
    )
    # the newline after the tag is the parser's to drop, and would else be one of the text's
    return (
        '<section class="ask" aria-labelledby="asked"><h2 id="asked">What would you like to play?</h2>'
        '<form action="/requests" method="post" data-ask>'
        '<div class="wish"><label class="hidden" for="prompt">Describe your game</label>'
        f'<textarea id="prompt" name="prompt" rows="2" maxlength="{MOST_CHARACTERS}" required dir="auto" '
        'placeholder="Who, where, how hard, in which mood?" autocomplete="off" '
        f'aria-describedby="wrong count"{mark}>\n{escape(storable(written.prompt))}</textarea>'
        '<button class="button">Make my game</button></div>'
        f'{wrong}<p class="count" id="count" aria-live="polite" hidden></p></form>'
        f'<ul class="chips examples" aria-label="Examples">{examples}</ul></section>'
    )

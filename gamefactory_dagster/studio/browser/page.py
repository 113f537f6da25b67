"""A page in a browser, with a profile of its own: what is done with it, and what it complains about.

What belongs here: words for what a person does (keys, pointer, looking) and the few things only a check does.
What does not: which of them (``play.py``).
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import orjson

from .devtools import BrowserGoneError, Devtools, RefusedError

Kind = Literal["console", "warning", "uncaught"]
Complaint = Callable[[Kind, str], None]
"""``complaint(kind, text)``: an error or a warning in the console, or what was thrown and not caught."""

_KEYS = {
    " ": ("Space", 32), "Enter": ("Enter", 13), "Escape": ("Escape", 27), "Tab": ("Tab", 9),
    "ArrowLeft": ("ArrowLeft", 37), "ArrowUp": ("ArrowUp", 38),
    "ArrowRight": ("ArrowRight", 39), "ArrowDown": ("ArrowDown", 40),
}  # fmt: skip
"""Key -> its code and its virtual key code (UI Events KeyboardEvent code values)."""

_TYPED = {" ": " ", "Enter": "\r"}
"""What a key that is pressed writes; of others than these and letters nothing."""

_CAUGHT = """(async () => { try { return { value: await (%s)(%s) }; }
 catch (error) { return { thrown: String((error && error.message) || error) }; } })()"""


_UNTOLD = """
Object.defineProperty(document, "hidden", { value: false });
Object.defineProperty(document, "visibilityState", { value: "visible" });
for (const what of ["visibilitychange", "blur"])
  addEventListener(what, (event) => {
    if (event.target === document || event.target === window) event.stopImmediatePropagation();
  }, true);
"""
"""A page that nobody sees is not told, or it would pause."""

_NO_KEY = "Input.dispatchKeyEvent", {"type": "char"}
"""A move of the pointer is told with the next frame, or before the next key: here there may be no frame."""

_DRAWN = "async () => { for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame); }"
"""After it two frames have begun, so that one was drawn."""


class PageError(Exception):
    """The page threw while it was driven."""


class Page:
    """One page. Everything is lost when it is closed: cookies, storage, cache.

    Until it is shown nobody sees it: it paints no frame, which was a fifth of a check.
    """

    def __init__(self, devtools: Devtools, width: int, height: int) -> None:
        """Open it, empty."""
        self._devtools = devtools
        self._context = devtools.call("Target.createBrowserContext")["browserContextId"]
        window = {"newWindow": True, "windowState": "minimized", "browserContextId": self._context}
        target = devtools.call("Target.createTarget", url="about:blank", **window)
        attached = devtools.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session: str = attached["sessionId"]
        self._loaded = False
        self._held = 0
        self.complaint: Complaint = lambda *_: None
        devtools.listen(self._session, self._heard)
        self._all(
            ("Page.enable", {}),
            ("Runtime.enable", {}),
            ("Log.enable", {}),
            ("Page.addScriptToEvaluateOnNewDocument", {"source": _UNTOLD}),
            self._size(width, height),
        )

    def close(self) -> None:
        """Close it and forget its profile."""
        self._devtools.call("Target.disposeBrowserContext", browserContextId=self._context)

    def show(self) -> None:
        """Let it be seen: its frames are painted from now on."""
        self._see(True)

    def hide(self) -> None:
        """Let nobody see it any more.

        What wants a frame waits until it is shown: ``requestAnimationFrame``, the event of a new size.
        """
        self._see(False)

    def before_scripts(self, script: str) -> None:
        """Have a script run in every document before its own."""
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def stand_still(self) -> None:
        """Have the page told that whoever looks wants no motion (prefers-reduced-motion)."""
        wish = {"name": "prefers-reduced-motion", "value": "reduce"}
        self._call("Emulation.setEmulatedMedia", features=[wish])

    def goto(self, url: str) -> None:
        """Open a URL and wait until it is loaded. Raises RefusedError when nothing is there."""
        self._loaded = False
        if fault := self._call("Page.navigate", url=url).get("errorText"):
            raise RefusedError(f"{url}: {fault}")
        self._devtools.hear(lambda: self._loaded)

    def run(self, function: str, argument: object = None) -> Any:
        """Call a JavaScript function with a JSON value and wait for its value, which is JSON too.

        Raises PageError with what it threw.
        """
        given = orjson.dumps(argument).decode()
        called = self._call(
            "Runtime.evaluate",
            expression=_CAUGHT % (function, given),
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in called:
            raise PageError(_thrown(called["exceptionDetails"]))
        answer = called["result"]["value"]
        if "thrown" in answer:
            raise PageError(answer["thrown"])
        return answer.get("value")

    def resize(self, width: int, height: int, density: float = 1) -> None:
        """Give the page another size, in CSS pixels of so many pixels; if shown it has taken it then."""
        self._all(self._size(width, height, density))
        if self._seen:
            self.run(_DRAWN)

    def picture(self, kind: Literal["jpeg", "png"], quality: int | None = None) -> bytes:
        """Photograph a page that is shown, as bytes of that kind; ``quality`` is JPEG's, 0 to 100."""
        chosen = {} if quality is None else {"quality": quality}
        return base64.b64decode(self._call("Page.captureScreenshot", format=kind, **chosen)["data"])

    def gesture(self, gestures: Sequence[Mapping[str, Any]]) -> None:
        """Do these in order, through the browser's own input: the page cannot tell it from a person.

        Each has a ``type``, and a ``key`` or a place ``x``, ``y`` in CSS pixels. Raises PageError for a type
        or key that is none.
        """
        commands = [command for each in gestures for command in self._input(each)]
        if gestures and gestures[-1]["type"] == "pointermove":
            commands.append(_NO_KEY)
        self._all(*commands)

    def _input(self, gesture: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        match gesture["type"]:
            case "keydown" | "keyup":
                return [("Input.dispatchKeyEvent", _key(gesture["key"], down=gesture["type"] == "keydown"))]
            case "pointermove":
                return [self._mouse("mouseMoved", gesture)]
            case "pointerdown":
                there = self._place == (gesture["x"], gesture["y"])
                moved = [] if there else [self._mouse("mouseMoved", gesture)]
                self._held = 1
                return [*moved, self._mouse("mousePressed", gesture)]
            case "pointerup":
                self._held = 0
                return [self._mouse("mouseReleased", gesture)]
            case other:
                raise PageError(f"the page asks for an unknown gesture {other!r}")

    def _mouse(self, kind: str, at: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        self._place = (at["x"], at["y"]) if "x" in at else self._place
        pressed = kind != "mouseMoved"
        return "Input.dispatchMouseEvent", {
            "type": kind,
            "x": self._place[0],
            "y": self._place[1],
            "button": "left" if pressed or self._held else "none",
            "buttons": self._held,
            "clickCount": int(pressed),
        }

    _seen = False

    def _see(self, seen: bool) -> None:
        """The window is minimized, but a page that has the focus is shown all the same."""
        self._call("Emulation.setFocusEmulationEnabled", enabled=seen)
        self._seen = seen

    _place: tuple[float, float] = (0, 0)
    """Where the pointer is: where it is let go of is not told."""

    def _size(self, width: int, height: int, density: float = 1) -> tuple[str, dict[str, Any]]:
        size = {"width": width, "height": height, "deviceScaleFactor": density, "mobile": False}
        return "Emulation.setDeviceMetricsOverride", size

    def _all(self, *commands: tuple[str, dict[str, Any]]) -> None:
        """Send commands in one go, and wait until all are done."""
        sent = [self._devtools.send(method, given, self._session) for method, given in commands]
        for number in sent:
            self._devtools.answer(number)

    def _call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        return self._devtools.call(method, self._session, **parameters)

    def _heard(self, event: str, told: Mapping[str, Any]) -> None:
        match event:
            case "Page.loadEventFired":
                self._loaded = True
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "assert"):
                self.complaint("console", _words(told["args"]))
            case "Runtime.consoleAPICalled" if told["type"] == "warning":
                self.complaint("warning", _words(told["args"]))
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                self.complaint("console", told["entry"]["text"])
            case "Log.entryAdded" if told["entry"]["level"] == "warning":
                self.complaint("warning", told["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaint("uncaught", _thrown(told["exceptionDetails"]))
            case "Page.javascriptDialogOpening":
                self._devtools.send("Page.handleJavaScriptDialog", {"accept": False}, self._session)
            case "Inspector.targetCrashed":
                raise BrowserGoneError("the page crashed")


def _key(key: str, *, down: bool) -> dict[str, Any]:
    """What the browser is told of a key. Raises PageError for one that no keyboard here has."""
    if key in _KEYS:
        code, number = _KEYS[key]
    elif len(key) == 1 and key.isascii() and key.isalnum():
        code, number = f"{'Digit' if key.isdigit() else 'Key'}{key.upper()}", ord(key.upper())
    else:
        raise PageError(f"the page asks for an unknown key {key!r}")
    text = _TYPED.get(key, key if len(key) == 1 else "") if down else ""
    kind = "keyUp" if not down else "keyDown" if text else "rawKeyDown"
    written = {"text": text, "unmodifiedText": text} if text else {}
    return {"type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number, **written}


def _words(arguments: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(str(each.get("value", each.get("description", each["type"]))) for each in arguments)


def _thrown(details: Mapping[str, Any]) -> str:
    """What was thrown, without its stack."""
    thrown = details.get("exception", {})
    text = str(thrown.get("description", thrown.get("value", details["text"])))
    return text.splitlines()[0] if text else str(details["text"])

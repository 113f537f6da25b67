"""What a player does: days, visits, tries, and the ads between them, as the web player's screens lead them.

What belongs here: the order of things, and how long they take. What does not: how a try ends (the game's
rules decide, in V8: a life asks for each try and goes on with what became of it) and what the player makes
of it (``moods.py``).

The model: a day has a visit in the morning or in the evening, or, when the game is enjoyed, both. Each
begins at the title, where Play leads to the first level not won yet. A won level leads to the next, a lost
one to another try, until the minutes are used up or patience is; one try in fifty is left in the middle. A
locked level shows the offer; of the ads accepted, one in twenty is closed early. Who declines pays for the
level in the game's currency where that is enough, or plays an open level again, or goes. The level of the
day is played by one visit in five, and by whoever has won everything; that one then plays for stars. Tries
teach: two points of skill for each lost at the same level, up to 20, and one for each level won.

Left out, as no bot can play on from a state or without a proof: the offer to go on with a lost level, which
everybody refuses unseen, and endless runs.
"""

import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gamefactory_dagster.days import midnight
from gamefactory_dagster.studio.families.bots import TO_THE_END, Played, Try

from . import moods
from .client import Client
from .people import Player

DAY = 24 * 3_600_000
MORNING = (7 * 3_600_000, 13 * 3_600_000)
EVENING = (17 * 3_600_000, 22 * 3_600_000)
"""When visits begin, in milliseconds of the UTC day. They last 30 minutes and one try at most, so no two of a
player's visits meet and none reaches another day."""

EPILOGUE = 750
"""Milliseconds a level's end is shown before the result is (``studio/player/play.js``)."""

LEAVES_TRY = 0.02
LEAVES_AD = 0.05
PLAYS_DAILY = 0.2
MOST_LEARNT = 20


@dataclass(frozen=True, slots=True)
class Shell:
    """What the player of a game sees of its shell."""

    levels: int
    free_levels: int
    ad_seconds: int
    ad_micros: int
    """What an ad watched to its end earns, in millionths of a US dollar."""
    pickup_value: int = 0
    par: int = 0
    price: int = 0
    """What opening a level costs in the game's currency; 0 where it cannot be bought."""
    dailies: int = 0
    """Levels of the day it has."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Shell":
        """That of a ``game.json``, which may be one of an earlier version."""
        economy = data["economy"]
        return cls(
            levels=len(data["levels"]),
            free_levels=data["free_levels"],
            ad_seconds=data["ads"]["seconds"],
            ad_micros=data["ads"]["revenue_micros"],
            pickup_value=economy["pickup_value"],
            par=economy["par"],
            price=economy.get("price") or 0,
            dailies=len(data.get("dailies", [])),
        )

    def paid(self, played: Played, stars_before: int) -> int:
        """What a try pays out: what was gathered, up to full marks, and the stars that are new."""
        stars = max(0, played.stars - stars_before) if played.outcome == 1 else 0
        return min(self.par, played.pickups * self.pickup_value) + stars * max(1, self.par // 5)


class Life:
    """One player's time with one game.

    It is over at the end of the last of ``days`` UTC days, of which ``first`` is the first; ``spec`` is the
    game's event specification.
    """

    def __init__(self, player: Player, shell: Shell, spec: Mapping[str, Any], first: date, days: int) -> None:
        self.player = player
        self.client = Client(spec, player.key)
        self.active: list[int] = []
        """Days with a visit, the first day of the playtest being 0."""
        self._shell = shell
        self._midnight = int(midnight(first).timestamp()) * 1000
        self._days = days
        self._random = random.Random(f"{player.key}:life")
        self._joy = moods.START
        self._stars: dict[int, int] = {}
        self._unlocked: set[int] = set()
        self._failed: dict[int, int] = {}
        self._wallet = 0
        self._daily_won = -1
        self._declined = False
        self._begun = False
        self._now = 0

    def live(self) -> Generator[Try, Played, None]:
        """Ask for one try after the other, from the first visit to the end of the last day."""
        for day in range(self.player.installed, self._days):
            if self.active and self._random.random() >= self._chance(day):
                continue
            self.active.append(day)
            morning = self._random.random() < 0.4
            yield from self._visit(day, MORNING if morning else EVENING)
            if morning and self._random.random() < 0.5 * self._joy:
                yield from self._visit(day, EVENING)

    def _chance(self, day: int) -> float:
        content = "declined" if self._declined else "open"
        if self._open_level() is None:
            content = "daily" if self._shell.dailies else "finished"
        seen = len(self._stars) / self._shell.levels
        age, away = day - self.player.installed, day - self.active[-1] - 1
        return moods.chance_to_return(self.player.keen, self._joy, content, seen, age, away)

    def _visit(self, day: int, hours: tuple[int, int]) -> Generator[Try, Played, None]:
        begin = self._midnight + day * DAY + self._random.randrange(*hours)
        self._now = begin
        self._begun = False
        self._declined = False
        self.client.open(begin)
        self._wait(2000, 6000)
        yield from self._the_days_level(day)
        failed = 0
        while self._now < begin + self.player.leisure * 60_000 and failed < self.player.patience:
            level = self._choose()
            if self._locked(level):
                self._declined = not self._unlock(level)
                if self._declined and self._random.random() < 0.5:
                    return
                continue
            played = yield self._begin(level)
            self._end(level, played)
            if played.outcome == 0:
                return
            failed = failed + 1 if played.outcome == 2 else 0
            self._wait(EPILOGUE + 1000, EPILOGUE + 4000)

    def _the_days_level(self, day: int) -> Generator[Try, Played, None]:
        """Play it once, where there is one and it was not won today."""
        if not self._shell.dailies or not self._stars or self._daily_won == day:
            return
        if self._open_level() is not None and self._random.random() >= PLAYS_DAILY:
            return
        number = (self._midnight // DAY + day) % self._shell.dailies
        played = yield self._begin(None, number)
        self._end(None, played)
        if played.outcome == 1:
            self._daily_won = day
            self._wallet += self._shell.par
        self._wait(EPILOGUE + 1000, EPILOGUE + 4000)

    def _wait(self, least: int, most: int) -> None:
        self._now += self._random.randrange(least, most)

    def _open_level(self) -> int | None:
        """The first level not won yet: where Play leads."""
        levels = range(1, self._shell.levels + 1)
        return next((level for level in levels if level not in self._stars), None)

    def _choose(self) -> int:
        level = self._open_level()
        if level is not None and not self._declined:
            return level
        won = [(stars, number) for number, stars in sorted(self._stars.items())]
        fewest = min(won)[0]
        return self._random.choice([number for stars, number in won if stars == fewest])

    def _locked(self, level: int) -> bool:
        return level > self._shell.free_levels and level not in self._unlocked

    def _unlock(self, level: int) -> bool:
        """See the offer, and the ad where it is accepted, or pay; whether the level is open now."""
        emit = self.client.emit
        emit(self._now, "unlock_prompt_shown", level, purpose="unlock")
        self._wait(1000, 4000)
        if self._random.random() >= moods.chance_to_accept(self.player.openness, self._joy):
            return self._buy(level)
        emit(self._now, "rewarded_ad_started", level, purpose="unlock")
        if self._random.random() < LEAVES_AD:
            self._now += self._random.randrange(self._shell.ad_seconds * 1000 + 1)
            emit(self._now, "rewarded_ad_failed", level, purpose="unlock", reason="closed")
            return False
        self._now += self._shell.ad_seconds * 1000
        micros = self._shell.ad_micros
        emit(self._now, "rewarded_ad_completed", level, purpose="unlock", revenue_micros=micros)
        return self._open(level, "ad")

    def _buy(self, level: int) -> bool:
        price = self._shell.price
        if not price or self._wallet < price:
            return False
        self._wallet -= price
        return self._open(level, "currency")

    def _open(self, level: int, method: str) -> bool:
        self.client.emit(self._now, "level_unlocked", level, method=method)
        self._unlocked.add(level)
        self._wait(1000, 2500)
        return True

    def _begin(self, level: int | None, daily: int = 0) -> Try:
        """Start a level of the ten, or, where it is None, the daily one of this number."""
        if not self._begun:
            self.client.emit(self._now, "game_start")
        self._begun = True
        self.client.emit(self._now, "level_start", level, mode=_mode(level))
        learnt = min(2 * self._failed.get(level or 0, 0), MOST_LEARNT) + len(self._stars)
        leaves = self._random.random() < LEAVES_TRY
        return Try(
            level=self._shell.levels + 1 + daily if level is None else level,
            skill=min(100, self.player.skill + learnt),
            luck=self._random.getrandbits(48),
            most=self._random.randrange(60, 900) if leaves else TO_THE_END,
        )

    def _end(self, level: int | None, played: Played) -> None:
        self._now += played.frames * 1000 // 60
        key = level or 0
        before = self._failed.get(key, 0)
        told: dict[str, int | str] = {"mode": _mode(level), "score": played.score, "frames": played.frames}
        if played.outcome:
            self._wallet += self._shell.paid(played, 3 if level is None else self._stars.get(level, 0))
        if played.outcome == 1:
            self.client.emit(self._now, "level_complete", level, stars=played.stars, **told)
            if level is not None:
                self._stars[level] = max(played.stars, self._stars.get(level, 0))
            self._failed[key] = 0
        else:
            cause = (played.cause or "lost") if played.outcome else "quit"
            self.client.emit(self._now, "level_fail", level, cause=cause, **told)
            self._failed[key] = before + 1
        if played.outcome:
            felt = moods.feeling(played.outcome == 1, before, played.progress, played.stars)
            self._joy = moods.enjoyed(self._joy, felt)


def _mode(level: int | None) -> str:
    return "daily" if level is None else "level"

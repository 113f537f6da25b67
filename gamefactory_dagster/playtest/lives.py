"""What a player does: days, visits, tries, and the ads between them, as the web player's screens lead them.

What belongs here: the order of things, and how long they take. What does not: how a try ends (the game's
rules decide, in V8: a life asks for each try and goes on with what became of it) and what the player makes
of it (``moods.py``).

The model: a day has a visit in the morning or in the evening, or, when the game is enjoyed, both. Each
begins at the title, where Play leads to the first level not won yet. A won level leads to the next, a lost
one to another try, until the minutes are used up or patience is; one try in fifty is left in the middle. A
locked level shows the offer; of the ads accepted, one in twenty is closed early. Who declines pays for the
level in the game's currency where that is enough, or plays an open level again, or goes. The level of the
day is played by one visit in five, and by whoever has won everything; that one then plays for stars. One
visit in seven has an endless run, two in five where everything is won. What is lost may go on once for an ad:
it is offered every time, and has not ended until that is refused. Tries teach: two points of skill for each
lost at the same level, up to 20, and one for each level won.

Left out: skins, whose buying no event tells; and every endless run takes the same course (``hands.py``).
"""

import random
from collections.abc import Generator, Mapping
from datetime import date
from typing import Any

from gamefactory_dagster.days import midnight
from gamefactory_dagster.studio.families.bots import TO_THE_END, Played, Try

from . import moods
from .client import Client
from .hands import Again
from .people import Player
from .shell import Shell

DAY = 24 * 3_600_000
MORNING = (7 * 3_600_000, 13 * 3_600_000)
EVENING = (17 * 3_600_000, 22 * 3_600_000)
"""When visits begin, in milliseconds of the UTC day. They last 30 minutes, a run and two levels at most, so
no two of a player's visits meet and none reaches another day."""

EPILOGUE = 750
"""Milliseconds a level's end is shown before the result is (``studio/player/play.js``)."""

LEAVES_TRY = 0.02
LEAVES_AD = 0.05
PLAYS_DAILY = 0.2
RUNS, RUNS_AFTER_ALL = 0.15, 0.4
MOST_LEARNT = 20

Wanted = Try | Again


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

    def live(self) -> Generator[Wanted, Played, None]:
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

    def _visit(self, day: int, hours: tuple[int, int]) -> Generator[Wanted, Played, None]:
        begin = self._midnight + day * DAY + self._random.randrange(*hours)
        self._now = begin
        self._begun = False
        self._declined = False
        self.client.open(begin)
        self._wait(2000, 6000)
        yield from self._the_days_level(day)
        yield from self._endless_run()
        failed = 0
        while self._now < begin + self.player.leisure * 60_000 and failed < self.player.patience:
            level = self._choose()
            if self._locked(level):
                self._declined = not self._unlock(level)
                if self._declined and self._random.random() < 0.5:
                    return
                continue
            played = yield from self._play("level", level, level)
            if played.outcome == 0:
                return
            failed = failed + 1 if played.outcome == 2 else 0
            self._wait(EPILOGUE + 1000, EPILOGUE + 4000)

    def _the_days_level(self, day: int) -> Generator[Wanted, Played, None]:
        """Play it once, where there is one and it was not won today."""
        if not self._shell.dailies or not self._stars or self._daily_won == day:
            return
        if self._open_level() is not None and self._random.random() >= PLAYS_DAILY:
            return
        number = (self._midnight // DAY + day) % self._shell.dailies
        played = yield from self._play("daily", None, self._shell.levels + 1 + number)
        if played.outcome == 1:
            self._daily_won = day
            self._wallet += self._shell.par
        self._wait(EPILOGUE + 1000, EPILOGUE + 4000)

    def _endless_run(self) -> Generator[Wanted, Played, None]:
        """Now and then one, where there are any and something was won."""
        if self._shell.tenth is None or not self._stars:
            return
        keen = RUNS_AFTER_ALL if self._open_level() is None else RUNS
        if self._random.random() < keen:
            yield from self._play("endless", None, self._shell.levels + self._shell.dailies + 1)
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
        self.client.emit(self._now, "unlock_prompt_shown", level, purpose="unlock")
        self._wait(1000, 4000)
        if self._random.random() >= moods.chance_to_accept(self.player.openness, self._joy):
            return self._buy(level)
        return self._watch(level, "unlock") and self._open(level, "ad")

    def _watch(self, level: int | None, purpose: str) -> bool:
        """An ad that was accepted; whether it was watched to its end."""
        emit = self.client.emit
        emit(self._now, "rewarded_ad_started", level, purpose=purpose)
        if self._random.random() < LEAVES_AD:
            self._now += self._random.randrange(self._shell.ad_seconds * 1000 + 1)
            emit(self._now, "rewarded_ad_failed", level, purpose=purpose, reason="closed")
            return False
        self._now += self._shell.ad_seconds * 1000
        micros = self._shell.ad_micros
        emit(self._now, "rewarded_ad_completed", level, purpose=purpose, revenue_micros=micros)
        return True

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

    def _play(self, mode: str, level: int | None, place: int) -> Generator[Wanted, Played, Played]:
        """Play what is at ``place`` of the game's levels, and go on once if it is lost; how it ended.

        ``level`` is its number, None for what is not one of the ten.
        """
        if not self._begun:
            self.client.emit(self._now, "game_start")
        self._begun = True
        self.client.emit(self._now, "level_start", level, mode=mode)
        wanted = self._try(level, place)
        played = yield wanted
        self._now += played.frames * 1000 // 60
        before = self._failed.get(level or 0, 0)
        self._feel(mode, level, played, before)
        if played.outcome == 2 and self._shell.revives and self._goes_on(level, played):
            frames, played = played.frames, (yield Again(wanted))
            self._now += (played.frames - frames) * 1000 // 60
            self._feel(mode, level, played, before + 1)
        self._end(mode, level, played)
        return played

    def _try(self, level: int | None, place: int) -> Try:
        learnt = min(2 * self._failed.get(level or 0, 0), MOST_LEARNT) + len(self._stars)
        leaves = self._random.random() < LEAVES_TRY
        return Try(
            level=place,
            skill=min(100, self.player.skill + learnt),
            luck=self._random.getrandbits(48),
            most=self._random.randrange(60, 900) if leaves else TO_THE_END,
        )

    def _goes_on(self, level: int | None, lost: Played) -> bool:
        """See the offer to go on with a lost level; whether it was accepted and the ad watched to its end."""
        self._wait(EPILOGUE + 500, EPILOGUE + 3000)
        self.client.emit(self._now, "unlock_prompt_shown", level, purpose="continue")
        self._wait(700, 3000)
        if self._random.random() >= moods.chance_to_go_on(self.player.openness, self._joy, lost.progress):
            return False
        if self._watch(level, "continue"):
            return True
        self.client.emit(self._now, "unlock_prompt_shown", level, purpose="continue")
        self._wait(700, 3000)
        return False

    def _feel(self, mode: str, level: int | None, played: Played, before: int) -> None:
        """Take in how a try was, or a half of it; whoever leaves in the middle has no opinion."""
        if not played.outcome:
            return
        won = self._completed(mode, played)
        fresh = self._shell.fresh(level)
        felt = moods.feeling(won, before, played.progress, played.stars, fresh)
        self._joy = moods.enjoyed(self._joy, felt)

    def _completed(self, mode: str, played: Played) -> bool:
        if mode == "endless":
            return self._shell.tenth is not None and played.progress > self._shell.tenth
        return played.outcome == 1

    def _end(self, mode: str, level: int | None, played: Played) -> None:
        """Report how a level ended, and keep what it leaves."""
        key = level or 0
        told: dict[str, int | str] = {"mode": mode, "score": played.score, "frames": played.frames}
        stars = 0 if mode == "endless" else played.stars
        self._wallet += self._shell.paid(played, self._stars.get(key, 0) if mode == "level" else 3)
        if self._completed(mode, played):
            self.client.emit(self._now, "level_complete", level, stars=stars, **told)
            if level is not None:
                self._stars[level] = max(stars, self._stars.get(level, 0))
            self._failed[key] = 0
        else:
            cause = (played.cause or "lost") if played.outcome else "quit"
            self.client.emit(self._now, "level_fail", level, cause=cause, **told)
            self._failed[key] = self._failed.get(key, 0) + 1

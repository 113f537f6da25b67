"""A timestamp is read whole or not at all, whatever Python's own reader makes of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.events import Refusal, client_time

NOW = datetime(2026, 7, 2, 12, 0, tzinfo=UTC)
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 1440 * MINUTE


def read(text):
    """The moment, or the reason of the refusal."""
    try:
        return client_time(text, NOW)
    except Refusal as refusal:
        assert refusal.field == "timestamp"
        return refusal.reason


def micros(text):
    """Microseconds from the first day of year 1 on, character by character; None for what is no timestamp.

    Whole numbers, so that an offset may lead out of the years there are.
    """
    digits = "".join("9" if one in "0123456789" else one for one in text)
    if digits[:10] != "9999-99-99" or digits[10:11] not in ("T", "t", " ") or digits[11:16] != "99:99":
        return None
    hour, minute, rest, second, fraction = int(text[11:13]), int(text[14:16]), text[16:], 0, ""
    if rest[:1] == ":":
        if len(rest) < 3 or digits[17:19] != "99":
            return None
        second, rest = int(rest[1:3]), rest[3:]
        if rest[:1] in (".", ","):
            after = rest[1:].lstrip("0123456789")
            fraction, rest = rest[1 : len(rest) - len(after)], after
            if not fraction:
                return None
    offset = offset_minutes(rest)
    if offset is None or hour > 23 or minute > 59 or second > 59:
        return None
    try:
        day = datetime(int(text[:4]), int(text[5:7]), int(text[8:10])).toordinal()
    except ValueError:
        return None
    whole = day * DAY + (hour * 60 + minute - offset) * MINUTE + second * SECOND
    return whole + int(f"{fraction}000000"[:6])


def offset_minutes(rest):
    if rest in ("", "Z", "z"):
        return 0
    sign = {"+": 1, "-": -1}.get(rest[0])
    form = "".join("9" if one in "0123456789" else one for one in rest[1:])
    if sign is None or form not in ("99", "9999", "99:99"):
        return None
    hours, minutes = int(rest[1:3]), int(rest[3:].strip(":") or 0)
    return sign * (hours * 60 + minutes) if hours < 24 and minutes < 60 else None


def since_year_one(moment):
    clock = (moment.hour * 60 + moment.minute) * MINUTE + moment.second * SECOND + moment.microsecond
    return moment.toordinal() * DAY + clock


def check(text):
    """The reader and the definition say the same."""
    expected, found = micros(text), read(text)
    if expected is None:
        assert found == "unparseable"
    elif expected < since_year_one(datetime(2000, 1, 1)):
        assert found == "too_early"
    elif expected > since_year_one(NOW) + 10 * MINUTE:
        assert found == "too_late"
    else:
        assert since_year_one(found) == expected
        assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01T12:00:00Z",
        "2026-07-01t12:00:00z",
        "2026-07-01 12:00",
        "2026-07-01 12:00z",
        "2026-07-01T12:00:00.0Z",
        "2026-07-01T12:00:00,000",
        "2026-07-01T12:00:00.0000009999999999999999999999999",
        "2026-07-01T12:00:00.0000009z",
        f"2026-07-01T12:00:00.{'0' * 10_000}+00:00",
        "2026-07-01T12:00:00-00:00",
        "2026-07-01T17:30:00+05:30",
        "2026-07-01T17:30+0530",
        "2026-07-01T07:00:00.000-05",
        "2026-07-02T11:59:00+23:59",
        "2026-06-30T12:01:00-23:59",
    ],
)
def test_noon_in_every_form(text):
    assert read(text) == NOON
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 11:30:00.0000000 PM -05:00",
        "2026-07-01T12:00:00.0000000 and then some+00:00",
        "2026-07-01T12:00:00.000000x",
        "2026-07-01T12:00:00.0000000x-05:00",
        "2026-07-01T12:00:00Z ",
        " 2026-07-01T12:00:00Z",
        "2026-07-01T12:00:00Z\n",
        "2026-07-01T12:00:00Z\0",
        "2026-07-01T12:00:00 Z",
        "2026-07-01T12:00:00 +05:00",
        "2026-07-01  12:00:00",
        "2026-07-01T12:00:00ZZ",
        "2026-07-01T12:00:00Z+00:00",
        "2026-07-01T12:00:00+00:00Z",
        "2026-07-01T12:00:00 UTC",
        "2026-07-01T12:00:00[UTC]",
        "2026-07-01T24:00:00Z",
        "2026-07-01T24:00Z",
        "2026-07-01T25:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-07-01T12:60:00Z",
        "2026-07-01T12:00:61Z",
        "2026-07-01T12:00:00.Z",
        "2026-07-01T12:00:00:00Z",
        "2026-07-01T12:00.5Z",
        "2026-07-01T12:00:00.5.5Z",
        "2026-07-01T12:00:00\u221205:00",
        "2026-07-01T12:00:00-5:00",
        "2026-07-01T12:00:00-05:0",
        "2026-07-01T12:00:00-050",
        "2026-07-01T12:00:00-05:00:00",
        "2026-07-01T12:00:00-05:00:30.5",
        "2026-07-01T12:00:00+24:00",
        "2026-07-01T12:00:00+23:60",
        "2026-07-01T12:00:00+10:99",
        "2026-07-01T12:00:00+99",
        "2026-07-01T1\u0662:00:00Z",
        "2026-07-01T12:00:00.\u0661Z",
        "\uff12026-07-01T12:00:00Z",
        "2026-07-01x12:00:00Z",
        "2026-07-01\ud80012:00:00Z",
        "2026-W27-3T12:00:00Z",
        "2026-182T12:00:00Z",
        "20260701T120000Z",
        "2026-07-01T120000Z",
        "2026-07-01T12",
        "2026-07-01T12+05:00",
        "2026-07-01",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-07-00T12:00:00Z",
        "0000-01-01T12:00:00Z",
        "+2026-07-01T12:00:00Z",
        "-2026-07-01T12:00:00Z",
        "02026-07-01T12:00:00Z",
        "12026-07-01T12:00:00Z",
        "",
        "now",
    ],
)
def test_what_is_no_timestamp(text):
    assert read(text) == "unparseable"
    check(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0001-01-01T00:00:00+23:59", "too_early"),
        ("0001-01-01T00:00:00-23:59", "too_early"),
        ("9999-12-31T23:59:59.999999-23:59", "too_late"),
        ("9999-12-31T23:59:59+23:59", "too_late"),
        ("2000-01-01T00:00:00+00:01", "too_early"),
        ("2026-07-02T12:10:00.0000019Z", "too_late"),
    ],
)
def test_moments_out_of_the_years_that_are_taken(text, reason):
    assert read(text) == reason
    check(text)


@pytest.mark.parametrize("value", [1_782_000_000, 1.5, True, ["2026-07-01T12:00:00Z"], {}])
def test_what_is_no_text(value):
    assert read(value) == "unparseable"


two = st.integers(0, 99).map("{:02}".format)
forms = st.builds(
    "{}-{}-{}{}{}:{}{}{}".format,
    st.integers(1990, 2030).map(str) | st.integers(0, 9999).map("{:04}".format),
    st.integers(1, 12).map("{:02}".format) | two,
    st.integers(1, 28).map("{:02}".format) | two,
    st.sampled_from("Tt "),
    st.integers(0, 24).map("{:02}".format) | two,
    st.integers(0, 60).map("{:02}".format) | two,
    st.just("")
    | st.integers(0, 60).map(":{:02}".format)
    | st.from_regex(r":[0-5][0-9][.,][0-9]{1,12}", fullmatch=True),
    st.sampled_from(["", "Z", "z"]) | st.from_regex(r"[+-][0-2][0-9](:?[0-6][0-9])?", fullmatch=True),
)
insertions = st.text("0123456789-+:.,TtZz PM\u2212\u0661\n\0", max_size=3)


@settings(max_examples=400, deadline=None)
@given(forms)
@example("2026-02-29T12:00:00Z")
def test_every_form_is_read_as_defined(text):
    check(text)


@settings(max_examples=400, deadline=None)
@given(forms, insertions, st.data())
def test_anything_inside_or_behind_makes_it_another_one_or_none(text, inserted, data):
    place = data.draw(st.integers(0, len(text)))
    check(text[:place] + inserted + text[place + data.draw(st.integers(0, 2)) :])


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_any_text_is_read_as_defined(text):
    check(text)

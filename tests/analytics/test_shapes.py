"""What refused files look like: each form as its maker writes it."""

import io
import json
import lzma
import tarfile

import pyarrow
import pytest
from pyarrow import parquet

from gamefactory_dagster.analytics.ingest import SHOWN, SHOWN_CHARACTERS, Oversized, _text, judge
from gamefactory_dagster.analytics.lines import read_chunks
from gamefactory_dagster.analytics.shapes import looks_like
from gamefactory_dagster.analytics.streams import Counted

from .test_events import NOW, event

AMPLITUDE = {
    "$insert_id": "x-1", "amplitude_id": 7, "app": 1, "event_type": "level_start", "event_properties": {},
    "event_time": "2026-07-01 11:30:00.123000", "user_id": "u1", "session_id": 1_782_000_000_000, "uuid": "u",
}  # fmt: skip
GA4 = {
    "event_date": "20260701", "event_timestamp": "1782905400000000", "event_name": "level_start",
    "event_params": [{"key": "ga_session_id", "value": {"int_value": "7"}}], "user_pseudo_id": "1.2",
}  # fmt: skip
POSTHOG = {
    "uuid": "0195511a-7a7b-7c3e-8b1f-0123456789ab", "event": "level_start", "distinct_id": "u1",
    "properties": {"$session_id": "s"}, "team_id": 1, "timestamp": "2026-07-01T11:30:00.123000+00:00",
}  # fmt: skip
MIXPANEL = {"event": "level_start", "properties": {"time": 1_782_905_400, "distinct_id": "u1", "$lib": "x"}}
CSV = b"event_id,game_id,event_type,timestamp\n" + b"0195511a,7e7c7df1,level_start,2026-07-01T11:30:00Z\n" * 9
LINES = b"".join(json.dumps(event(level=number)).encode() + b"\n" for number in range(5))


def as_lines(row):
    return (json.dumps(row).encode() + b"\n") * 2


def as_parquet():
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"event_id": ["a"] * 100}), file)
    return file.getvalue()


def as_tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        member = tarfile.TarInfo("events.ndjson")
        member.size = len(CSV)
        made.addfile(member, io.BytesIO(CSV))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (CSV, "a table with 4 columns, such as CSV"),
        (CSV.replace(b",", b"\t"), "a table with 4 columns, such as CSV"),
        (CSV.replace(b",", b";"), "a table with 4 columns, such as CSV"),
        *((LINES.decode().encode(name), "text in UTF-16 or UTF-32") for name in
          ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")),
        (CSV.decode().encode("utf-16"), "text in UTF-16 or UTF-32"),
        (as_lines(AMPLITUDE), "an Amplitude export"),
        (json.dumps([AMPLITUDE] * 3, indent=2).encode(), "an Amplitude export"),
        (as_lines(GA4), "a GA4 export from BigQuery"),
        (as_lines(POSTHOG), "a PostHog or Mixpanel export"),
        (as_lines(MIXPANEL), "a PostHog or Mixpanel export"),
        (json.dumps({"events": [event()] * 3}).encode(), "jq -c '.events[]' FILE"),
        (json.dumps({"data": [event()] * 3}, indent=2).encode(), "jq -c '.data[]' FILE"),
        (json.dumps(event(), indent=2).encode(), "jq -c . FILE"),
        (b"[1, 2]\n[3]\n", "jq -c '.[]' FILE"),
        (as_parquet(), "a Parquet file"),
        (as_tar(), "a tar archive"),
        (lzma.compress(LINES), "xz -dc FILE"),
        (b"<!doctype html>\n<title>404</title>\n", "a page of HTML or XML"),
        (as_lines(event(event_type="cheat")), "events of the right form with faults in them"),
        (b"hello\nworld\n", "nothing that is known here"),
    ],
)  # fmt: skip
def test_a_form_is_known_by_how_it_begins(data, said):
    lines = [line for chunk in read_chunks(Counted(io.BytesIO(data)), 100) for line in chunk]
    bad = judge(lines, NOW).bad
    assert len(bad) * 2 > len(lines)
    assert said in looks_like([_text(one.raw)[:SHOWN_CHARACTERS] for one in bad[:SHOWN]])


def test_anything_looks_like_something():
    for beginnings in ([], [""], ["{"], ["\\x00"], [Oversized("[[[[ ... [5 bytes, SHA-256 x]").text]):
        assert looks_like(beginnings)

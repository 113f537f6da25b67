"""Which files of a landing zone count, and how one is known again."""

from gamefactory_dagster.analytics.landing_scan import DEPTH, fingerprint_of, scan

from .landed import local, zone

__all__ = ["local", "zone"]


def test_only_event_files_are_found(zone):
    folder, settings = zone
    for name in ("sub/deeper/b.jsonl.gz", "a.ndjson", ".hidden.ndjson", ".tmp/c.ndjson", "d.ndjson.part",
                 "e.ndjson.tmp", "f.csv", "g.gz", "ndjson", "h.json.zst", "i.zip", "j.ndjson.bz2", ".k.zip",
                 "l.zip.part"):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = sorted(file.url.partition(str(folder.path))[2] for file in scan(settings.landing))
    assert found == ["/a.ndjson", "/h.json.zst", "/i.zip", "/j.ndjson.bz2", "/sub/deeper/b.jsonl.gz"]


def test_folders_too_deep_and_links_are_not_followed(local, settings, tmp_path):
    (tmp_path / "elsewhere.ndjson").write_bytes(b"x")
    (local / "link.ndjson").symlink_to(tmp_path / "elsewhere.ndjson")
    (local / "loop").symlink_to(local)
    deep = local.joinpath(*["sub"] * (DEPTH - 1))
    (deep / "sub").mkdir(parents=True)
    (deep / "there.ndjson").write_bytes(b"x")
    (deep / "sub" / "too-deep.ndjson").write_bytes(b"x")
    assert [file.url.rpartition("/")[2] for file in scan(settings.landing)] == ["there.ndjson"]


def test_a_digest_tells_more_than_size_and_time():
    same = {"size": 3, "mtime": 1.5}
    assert fingerprint_of(same) == fingerprint_of({**same, "ino": 7})
    assert fingerprint_of(same) != fingerprint_of({**same, "mtime": 1.25})
    assert fingerprint_of(same) != fingerprint_of({**same, "size": 4})
    assert fingerprint_of({**same, "ETag": "a"}) == fingerprint_of({"size": 3, "ETag": "a"})
    assert fingerprint_of({**same, "ETag": "a"}) != fingerprint_of({**same, "ETag": "b"})

"""Addresses as people write them, as libpq reads them, and never shown."""

import string

import pytest
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from gamefactory_dagster.database import address
from gamefactory_dagster.database.uri import OURS, parse, render
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings

ODD = f"a b+{string.punctuation}é"


@pytest.mark.parametrize("user", ["ann", ODD])
@pytest.mark.parametrize("password", [None, "", ODD, "100%", "%41"])
@pytest.mark.parametrize("database", ["games", ODD])
def test_what_is_written_libpq_and_sqlalchemy_read_as_it_was(user, password, database):
    written = sa.URL.create(OURS, user, password, "db.example", 6432, database, {"options": "-c a=b\\ c"})
    found = conninfo_to_dict(render(written))
    wanted = {"user": user, "host": "db.example", "port": "6432", "dbname": database, "options": "-c a=b\\ c"}
    assert found == wanted | ({"password": password} if password else {})
    assert parse(render(written)) == written
    assert sa.make_url(render(written, OURS)) == written


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("postgresql://owner:a%20b@127.0.0.1:5432/gf",
         {"user": "owner", "password": "a b", "host": "127.0.0.1", "port": "5432", "dbname": "gf"}),
        ("postgres://owner@h/a%20%25%3F%23b", {"user": "owner", "host": "h", "dbname": "a %?#b"}),
        ("postgresql:///gf?host=/run/pg&port=5433", {"host": "/run/pg", "port": "5433", "dbname": "gf"}),
        ("postgresql://u@%2Frun%2Fa,b:5433/gf",
         {"user": "u", "host": "/run/a,b", "port": ",5433", "dbname": "gf"}),
        ("postgresql://u@one:1,two:2/gf", {"user": "u", "host": "one,two", "port": "1,2", "dbname": "gf"}),
        ("postgresql://u@one,two:2/gf", {"user": "u", "host": "one,two", "port": ",2", "dbname": "gf"}),
        ("postgresql://u@/gf?host=one:1&host=two:2",
         {"user": "u", "host": "one,two", "port": "1,2", "dbname": "gf"}),
        ("postgresql://one,two/gf?port=7", {"host": "one,two", "port": "7,7", "dbname": "gf"}),
        ("postgresql://u@[::1]:5433/gf", {"user": "u", "host": "::1", "port": "5433", "dbname": "gf"}),
        ("postgresql://h/other?dbname=gf&user=u&password=p%40q",
         {"host": "h", "dbname": "gf", "user": "u", "password": "p@q"}),
        ("postgresql://u:p/q#r:s@h/gf", {"user": "u", "password": "p/q#r:s", "host": "h", "dbname": "gf"}),
        ("postgresql://u:50%@h/gf", {"user": "u", "password": "50%", "host": "h", "dbname": "gf"}),
        ("postgresql://h/gf?ssl=true", {"host": "h", "dbname": "gf", "sslmode": "require"}),
        ("postgresql://", {}),
    ],
)  # fmt: skip
def test_what_people_write_is_read(text, read):
    assert conninfo_to_dict(render(parse(text))) == read
    _, arguments = parse(text).get_dialect()().create_connect_args(parse(text))
    assert {name: str(value) for name, value in arguments.items() if name != "context"} == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgresql://owner:Xy@Qz:Xy@Qz@127.0.0.1:5432/gf", r"host 127\.0\.0\.1:5432.*write @ .* as %40"),
        ("postgresql://owner:Xy@Qz/Xy@db.example/gf", r"host db\.example\).*%40"),
        ("postgresql://owner:Xy@Qz@/gf?host=/run", "write @ in a password as %40"),
        ("postgresql://owner:Xy?Qz@h/gf", r"write \? .* as %3F"),
        ("postgresql://owner:Xy@Qz?Xy@h/gf", "%3F"),
        ("postgresql://h:1/gf?password=Xy@Qz", "@ in an option as %40"),
        ("postgresql://h/gf?user=u&password=Xy@Qz@Xy", "@ in an option as %40"),
        ("postgresql://owner:Xy", "expected postgresql://"),
        ("postgresql://owner:1?Xy", "option without a value"),
        ("postgresql://owner:Xy@h:Qz/gf", "expected postgresql://"),
        ("postgresql://owner:Xy@one:1,two:2/gf?port=1,2,3", "expected postgresql://"),
        ("Xy://Qz@h/gf", "expected postgresql://"),
        ("mysql://u:Xy@h/gf", "expected postgresql://"),
        ("Xy", "expected postgresql://"),
        ("postgresql://owner:Xy@h/gf?schema=Qz", 'the option "schema".*leave it out'),
        ("postgresql://owner:Xy@h/gf?connect_timeout=Qz", "connect_timeout"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line_without_the_password(text, said):
    with pytest.raises(PermanentError, match=said) as caught:
        parse(text)
    assert [part for part in ("Xy", "Qz", "\n") if part in str(caught.value)] == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("postgresql://u@one:1,two/gf", "one:1, two"),
        ("postgresql://u@one,two/gf?port=7", "one:7, two:7"),
        ("postgresql:///gf?host=/run&port=5433", "/run:5433"),
        ("postgresql:///gf", "the local socket"),
    ],
)
def test_every_host_is_named(text, where):
    assert address.describe(address.url(Settings(database_url=text))) == f'database "gf" on {where}'

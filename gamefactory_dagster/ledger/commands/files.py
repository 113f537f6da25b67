"""``gamefactory runs download | verify-files``: what runs made, and whether it is still as it was.

What belongs here: reading options, progress, and how findings look on a terminal. What does not: any look at
a file (``ledger/files.py``, ``ledger/verifying.py``).
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.terminal import (
    AsJson,
    User,
    check_output,
    console,
    counted,
    progress,
    say,
    say_json,
    table,
)

from .asking import asking, short

if TYPE_CHECKING:
    from rich.table import Table

    from gamefactory_dagster.ledger.verifying import Verified


def download(
    artifact: Annotated[str, typer.Argument(metavar="ARTIFACT", help="Its id, or its first characters.")],
    output: Annotated[Path, typer.Option(help="The file to write; an old one is replaced whole.")],
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Get one thing a run made. It is written only when its size and SHA-256 are those of the ledger.

    Example: gamefactory runs download 0b9c2f5e --output atlas.png
    """
    check_output("--output", output)

    from gamefactory_dagster.ledger import reading
    from gamefactory_dagster.ledger.access import owners_view
    from gamefactory_dagster.ledger.files import Files
    from gamefactory_dagster.settings import get_settings

    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        found = reading.find_artifact(connection, artifact)
    Files.of(get_settings()).copy(found, output)
    if as_json:
        say_json({"artifact": found, "output": output})
    else:
        say(f"{output}: {found.name}, {found.file_size:,} bytes, SHA-256 {found.checksum}")


def verify_files(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Only what this run made. Default: all your runs.")
    ] = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Compare all that your runs made with its size and SHA-256 in the ledger. Exit code 1 when any is wrong.

    What is wrong is named: missing, truncated (shorter or longer), changed, or swapped (it is what another
    artifact should be). A file you named yourself counts as wrong too, until a later run writes it anew.

    Example: gamefactory runs verify-files
    """
    from gamefactory_dagster.ledger import reading, verifying
    from gamefactory_dagster.ledger.access import owners_view
    from gamefactory_dagster.ledger.files import Files
    from gamefactory_dagster.settings import get_settings

    engine, owner = asking(user)
    view = partial(owners_view, engine, owner)
    with view() as connection:
        run_id = None if run is None else reading.find_run(connection, run)
        there = verifying.amount(connection, run_id)
    with progress("Comparing", there.files, unit="files") as move:
        done = verifying.verify(
            view,
            Files.of(get_settings()),
            run_id,
            lambda so_far: move(so_far.files, what=f"{so_far.bytes:,} bytes"),
        )
    if as_json:
        say_json(_verified(done))
    else:
        say(verified_line(done))
        if done.wrong:
            console().print(wrong_table(done))
    if done.wrong:
        raise typer.Exit(1)


def verified_line(done: "Verified") -> str:
    """How many files there are, and how many of them are wrong in which way."""
    from gamefactory_dagster.ledger.files import FAULTS

    if not done.files:
        return "There is no artifact to compare."
    found = ", ".join(f"{done.count(state):,} {state}" for state in FAULTS)
    aside = f"; {done.unchecked:,} with nothing to be compared with" if done.unchecked else ""
    good = done.files - len(done.wrong) - done.unchecked
    return f"{counted(done.files, 'artifact')}, {done.bytes:,} bytes: {good:,} right, {found}{aside}."


def wrong_table(done: "Verified") -> "Table":
    """Each file that is not what the ledger says."""
    return table(
        ("state", "artifact", "run", "name", "why"),
        [
            (
                str(finding.state),
                short(str(finding.artifact.id)),
                short(finding.artifact.run_id),
                finding.artifact.name,
                finding.words,
            )
            for finding in done.wrong
        ],
        title="What is wrong",
    )


def _verified(done: "Verified") -> dict[str, Any]:
    from gamefactory_dagster.ledger.files import FAULTS

    wrong = [
        {
            "state": str(finding.state),
            "artifact": finding.artifact.id,
            "run_id": finding.artifact.run_id,
            "name": finding.artifact.name,
            "url": finding.artifact.url,
            "why": finding.words,
        }
        for finding in done.wrong
    ]
    counts = {str(state): done.count(state) for state in FAULTS}
    return {"files": done.files, "bytes": done.bytes, "unchecked": done.unchecked, **counts, "wrong": wrong}

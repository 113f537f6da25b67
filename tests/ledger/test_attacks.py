"""Nothing an attacker tries comes out otherwise than ``hostile.py`` says."""

import psycopg

from .attacks import as_expected, come_of, ground
from .hostile import ATTACKS


def test_every_attack_comes_to_what_is_expected(superuser: psycopg.Connection) -> None:
    with ground(superuser) as owner:
        found = [(attack, come_of(superuser, owner, attack)) for attack in ATTACKS]
    assert [
        f"{attack.name}: {what}, not {attack.gives}"
        for attack, what in found
        if not as_expected(superuser, attack, what)
    ] == []


def test_every_attack_has_a_name_of_its_own() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)

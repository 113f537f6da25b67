"""Reading what was learned: the candidates for a genre with their weights.

What belongs here: the table ``learning_weights`` and nobody else's. What does not: drawing from the weights
(``choice.py``).
"""

import sqlalchemy as sa

from gamefactory_dagster.database.tables.factory import LearningWeight, Mechanic

from .choice import Weighted


def candidates(connection: sa.Connection, genre: str) -> list[Weighted]:
    """Every active mechanic the library allows in ``genre``; one nothing is known of yet weighs 1.0."""
    learned = sa.and_(LearningWeight.mechanic_id == Mechanic.id, LearningWeight.genre == genre)
    rows = connection.execute(
        sa.select(
            Mechanic.name,
            sa.func.coalesce(LearningWeight.weight, 1),
            sa.func.coalesce(LearningWeight.sample_count, 0),
        )
        .outerjoin(LearningWeight, learned)
        .where(Mechanic.is_active.is_(True), Mechanic.genre_tags.contains([genre]))
        .order_by(Mechanic.name)
    )
    return [Weighted(name, float(weight), int(count)) for name, weight, count in rows]

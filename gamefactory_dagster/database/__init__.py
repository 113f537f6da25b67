"""PostgreSQL for everybody: the embedded server, addresses, engine, models, migrations, backups.

What belongs here: what every slice needs to reach the database and to know that its schema is right.
What does not: a slice's own statements (``sql/<slice>/``) and rules.
"""

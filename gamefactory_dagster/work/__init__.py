"""What makes work safe when its worker can die at any moment.

What belongs here: leases, claims, heartbeats and checked state changes, over PostgreSQL alone, for any table.
What does not: which states there are and who may take what (each slice says that), and Dagster's runs
(``orchestration/``).
"""

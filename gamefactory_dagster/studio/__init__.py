"""The craft a step uses: design documents, game families, art, sound, player, repository, build.

Takes a design and gives files. Knows neither the database nor Dagster.
"""

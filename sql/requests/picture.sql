-- Where a picture of a request's game is kept: in the commit of the step that drew it, number :step.
SELECT
    CAST(games.id AS text) AS repository,
    steps.artifacts ->> 'commit' AS commit,
    assets.asset_type,
    assets.filename,
    assets.checksum,
    assets.size_bytes
FROM requests.jobs
INNER JOIN factory.games ON games.id = jobs.game_id
INNER JOIN factory.game_assets AS assets ON assets.game_id = games.id
INNER JOIN factory.game_steps AS steps ON steps.game_id = games.id
WHERE jobs.id = :id AND assets.id = CAST(:picture AS uuid) AND assets.format = 'png' AND steps.step_number = :step

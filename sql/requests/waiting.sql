-- How many requests wait to be taken up, counted to :most and no further; by the partial index of those that wait.
SELECT count(*) FROM (SELECT FROM requests.jobs WHERE status = 'pending' LIMIT :most) AS waiting

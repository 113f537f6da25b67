-- One weight, new or changed; last_updated says when it last changed. By unique_mechanic_genre.
INSERT INTO factory.learning_weights (
    mechanic_id, genre, weight, sample_count, avg_retention_d7, avg_completion_rate, avg_ad_opt_in_rate
)
VALUES (
    :mechanic_id, :genre, :weight, :sample_count, :avg_retention_d7, :avg_completion_rate, :avg_ad_opt_in_rate
)
ON CONFLICT (mechanic_id, genre) DO UPDATE SET
    weight = excluded.weight,
    sample_count = excluded.sample_count,
    avg_retention_d7 = excluded.avg_retention_d7,
    avg_completion_rate = excluded.avg_completion_rate,
    avg_ad_opt_in_rate = excluded.avg_ad_opt_in_rate,
    last_updated = clock_timestamp()

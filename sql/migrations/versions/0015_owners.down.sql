ALTER TABLE factory.batches DROP COLUMN owner_id;

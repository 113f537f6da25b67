-- Who ordered a batch: what its runs do and make is theirs. Batches from before belong to whoever works on this machine;
-- where the users are somebody else's table there may be no such user, and they stay nobody's.
ALTER TABLE factory.batches ADD COLUMN owner_id uuid REFERENCES auth.users (id);

UPDATE factory.batches SET owner_id = users.id
FROM auth.users
WHERE users.id = '00000000-0000-4000-8000-000000000001';

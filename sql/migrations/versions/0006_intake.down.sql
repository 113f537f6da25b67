DROP TABLE factory.landed_files;
ALTER TABLE factory.games DROP COLUMN external;

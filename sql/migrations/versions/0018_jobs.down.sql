ALTER TABLE IF EXISTS public.jobs RENAME TO jobs_kept;

-- Document 004: the queue job_queue; beside it those of jobs that go before and after others, and the dead letters. Safe
-- to run again, and over queues that are there.
SELECT pgmq.create('job_queue');
SELECT pgmq.create('job_queue_high');
SELECT pgmq.create('job_queue_low');
SELECT pgmq.create('job_queue_dead');

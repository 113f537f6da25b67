"""What an attacker would try on the ledger, each with what comes of it; by theme, a line an attack."""
# ruff: noqa: E501
# fmt: off

from .attacks import Attack
from .callers import ANN, BEN, CALLERS, Caller, claims

PATH = "SET LOCAL search_path = evil, pg_catalog"
LEAK = """
CREATE FUNCTION evil.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
    $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$
"""
OF_RUN = "INSERT INTO ledger.{} (run_id, owner_id, {}) VALUES ('{}', '{}', {})"
EVENT = ("job_events", "bot_name, event_type", "'x', 'note'")
ARTIFACT = ("artifacts", "kind, url", "'file', 'x'")


def part(of: tuple[str, str, str], run: str, owner: object) -> str:
    """A statement that adds an event or an artifact to a run."""
    table, columns, values = of
    return OF_RUN.format(table, columns, run, owner, values)


def _claiming(text: str) -> Caller:
    return Caller("authenticated", text)


ANNS, SERVICE, KEEPER, OURS = (CALLERS[name] for name in ("ann", "service", "keeper", "the tables' owner"))
BENS, ANON = CALLERS["ben"], CALLERS["anon"]
ALL = "ann-0, ann-1, ben-1"
MINE = "ann-0, ann-1"
RUNS = "SELECT run_id FROM ledger.jobs"
REFUSED = '42501 new row violates row-level security policy for table "{}"'
NO_TABLE = "42501 permission denied for table {}"
NO_SCHEMA = "42501 permission denied for schema ledger"
NO_FUNCTION = "42501 permission denied for function {}"

VIEWS = [
    Attack("a view with its owner's rights shows what its owner sees", ANON, ("SELECT run_id FROM evil.owners_rights",), "nothing", before_16=NO_FUNCTION.format("caller")),
    Attack("a view with its caller's rights is its caller's", ANNS, ("SELECT run_id FROM evil.callers_rights",), MINE),
    Attack("a view with its caller's rights is nobody's", ANON, ("SELECT run_id FROM evil.callers_rights",), NO_TABLE.format("jobs")),
    Attack("a view made by one is read by another", ANNS, ("CREATE VIEW evil.mine AS SELECT * FROM ledger.jobs", f"SET LOCAL request.jwt.claims = '{claims(sub=str(BEN))}'", "SELECT run_id FROM evil.mine"), "ben-1"),
]

FUNCTIONS = [
    Attack("anon asks who asks", ANON, ("SELECT ledger.caller()",), NO_SCHEMA),
    Attack("ann asks who asks", ANNS, ("SELECT ledger.caller()",), str(ANN)),
    Attack("the keeper asks who asks", KEEPER, ("SELECT ledger.caller()",), NO_FUNCTION.format("caller")),
    Attack("the service asks who asks", SERVICE, ("SELECT ledger.caller()",), "None"),
    Attack("auth.uid() is nobody's here", ANNS, ("SELECT auth.uid()",), "42501 permission denied for schema auth"),
    Attack("anon ends a run", ANON, ("SELECT ledger.set_status('ann-1', 'completed')",), NO_SCHEMA),
    Attack("ann ends her run", ANNS, ("SELECT ledger.set_status('ann-1', 'completed')",), NO_FUNCTION.format("set_status")),
    Attack("the tables' owner ends a run", OURS, ("SELECT ledger.set_status('ann-1', 'completed')",), NO_FUNCTION.format("set_status"), before_16="True"),
    Attack("the service ends a run", SERVICE, ("SELECT ledger.set_status('ann-1', 'failed', 'why')", "SELECT status, completed_at > started_at, error_message, updated_at > created_at FROM ledger.jobs WHERE run_id = 'ann-1'"), "failed True why True"),
    Attack("the service ends what has ended", SERVICE, ("SELECT ledger.set_status('ann-0', 'failed')",), "False"),
    Attack("the service begins what has ended", SERVICE, ("SELECT ledger.set_status('ann-0', 'running')",), "False"),
    Attack("the service ends what is not there", SERVICE, ("SELECT ledger.set_status('nowhere', 'failed')",), "False"),
    Attack("the service takes a run back to pending", SERVICE, ("SELECT ledger.set_status('ann-1', 'pending')",), "23514 a run does not become pending; it becomes running, completed, failed or cancelled"),
    *(
        Attack(f"{function} on a table of one's own", ANNS, ("CREATE TABLE evil.mine (run_id text, owner_id uuid)", f"CREATE TRIGGER mine AFTER INSERT ON evil.mine FOR EACH ROW EXECUTE FUNCTION ledger.{function}()"), NO_FUNCTION.format(f"ledger.{function}"))
        for function in ("refuse_ended", "complete_job", "complete_part")
    ),
    *(
        Attack(f"{role} hangs {function} on a table of its own", caller, ("CREATE TEMP TABLE mine (run_id text, owner_id uuid)", f"CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION ledger.{function}()"), NO_FUNCTION.format(f"ledger.{function}"))
        for role, caller in (("the service", SERVICE), ("the keeper", KEEPER))
        for function in ("refuse_ended", "complete_job", "complete_part")
        if not (role == "the keeper" and function == "refuse_ended")  # its own
    ),
]

FORGERIES = [
    *(
        Attack(f"ann gives a run's {column} herself", ANNS, (f"INSERT INTO ledger.jobs (project_spec, {column}) VALUES ('{{}}', {value})",), NO_TABLE.format("jobs"))
        for column, value in (("run_id", "'ben-1'"), ("status", "'completed'"), ("started_at", "now()"), ("completed_at", "now()"), ("error_message", "'x'"), ("created_at", "now()"), ("updated_at", "now()"))
    ),
    *(
        Attack(f"ann gives an {of[0]} row's {column} herself", ANNS, (f"INSERT INTO ledger.{of[0]} (run_id, {of[1]}, {column}) VALUES ('ann-1', {of[2]}, {value})",), NO_TABLE.format(of[0]))
        for of in (EVENT, ARTIFACT)
        for column, value in (("id", "gen_random_uuid()"), ("created_at", "now()"))
    ),
    Attack("ann's run begins where all begin", ANNS, ("INSERT INTO ledger.jobs (project_spec) VALUES ('{}') RETURNING status, owner_id, length(run_id)",), f"pending {ANN} 36"),
    Attack("ann's event is written now", ANNS, (part(EVENT, "ann-1", ANN) + " RETURNING created_at = now(), id IS NOT NULL",), "True True"),
    Attack("ann's artifact is written now, with all she may say", ANNS, ("INSERT INTO ledger.artifacts (run_id, owner_id, kind, url, meta, file_size, content_type, checksum) VALUES ('ann-1', ledger.caller(), 'x', 'y', '{}', 1, 'z', 'c') RETURNING created_at = now(), id IS NOT NULL",), "True True"),
    Attack("ann adds to her run with a payload", ANNS, (f"INSERT INTO ledger.job_events (run_id, owner_id, bot_name, event_type, payload) VALUES ('ann-1', '{ANN}', 'x', 'note', '{{}}') RETURNING owner_id",), str(ANN)),
    Attack("the service forges a status", SERVICE, (f"INSERT INTO ledger.jobs (run_id, owner_id, project_spec, status) VALUES ('x', '{ANN}', '{{}}', 'done')",), '23514 new row for relation "jobs" violates check constraint "valid_status"'),
    Attack("the service changes a status by hand", SERVICE, ("UPDATE ledger.jobs SET status = 'completed'",), NO_TABLE.format("jobs")),
    Attack("the service moves a run", SERVICE, (f"UPDATE ledger.jobs SET owner_id = '{BEN}'",), NO_TABLE.format("jobs")),
    Attack("the keeper moves a run", KEEPER, (f"UPDATE ledger.jobs SET owner_id = '{BEN}'",), NO_TABLE.format("jobs")),
    Attack("the keeper changes what was asked", KEEPER, ("UPDATE ledger.jobs SET project_spec = '1'",), NO_TABLE.format("jobs")),
    Attack("the keeper adds a run", KEEPER, (f"INSERT INTO ledger.jobs (owner_id, project_spec) VALUES ('{ANN}', '{{}}')",), NO_TABLE.format("jobs")),
    Attack("the keeper removes a run", KEEPER, ("DELETE FROM ledger.jobs",), NO_TABLE.format("jobs")),
    *(
        Attack(f"{who} adds an {of[0]} row to a run that has ended", caller, (part(of, "ann-0", ANN),), "55000 run ann-0 has ended; nothing is added to it")
        for of in (EVENT, ARTIFACT)
        for who, caller in (("ann", ANNS), ("the service", SERVICE))
    ),
    *(
        Attack(f"the service adds an {of[0]} row of {who}", SERVICE, (part(of, run, owner),), gives)
        for of in (EVENT, ARTIFACT)
        for who, run, owner, gives in (
            ("ben's to ann's run", "ann-1", BEN, f'23503 insert or update on table "{of[0]}" violates foreign key constraint "{of[0].removeprefix("job_")}_of_owner" (Key is not present in table "jobs".)'),
            ("no run", "nowhere", ANN, f'23503 insert or update on table "{of[0]}" violates foreign key constraint "{of[0]}_run_id_fkey" (Key is not present in table "jobs".)'),
        )
    ),
    *(
        Attack(f"the service leaves out an {table} row's {column}", SERVICE, (f"INSERT INTO ledger.{table} ({columns.replace(column, other)}) VALUES ({values})",), f'23502 null value in column "{column}" of relation "{table}" violates not-null constraint')
        for table, column, columns, values, other in (
            ("jobs", "project_spec", "run_id, owner_id, project_spec", f"'x', '{ANN}', NULL", "project_spec"),
            ("jobs", "owner_id", "run_id, owner_id, project_spec", "'x', NULL, '{}'", "owner_id"),
            ("jobs", "status", "run_id, owner_id, project_spec, status", f"'x', '{ANN}', '{{}}', NULL", "status"),
            *((of[0], "owner_id", f"run_id, owner_id, {of[1]}", f"'ann-1', NULL, {of[2]}", "owner_id") for of in (EVENT, ARTIFACT)),
            *((of[0], "run_id", f"run_id, owner_id, {of[1]}", f"NULL, '{ANN}', {of[2]}", "run_id") for of in (EVENT, ARTIFACT)),
            ("job_events", "bot_name", "run_id, owner_id, bot_name, event_type", f"'ann-1', '{ANN}', NULL, 'note'", "bot_name"),
            ("job_events", "event_type", "run_id, owner_id, bot_name, event_type", f"'ann-1', '{ANN}', 'x', NULL", "event_type"),
            ("artifacts", "kind", "run_id, owner_id, kind", f"'ann-1', '{ANN}', NULL", "kind"),
            ("prompts", "id", "id, category, context, prompt_text", "NULL, 'c', 'x', 't'", "id"),
            ("prompts", "category", "id, category, context, prompt_text", "'q', NULL, 'x', 't'", "category"),
            ("prompts", "context", "id, category, context, prompt_text", "'q', 'c', NULL, 't'", "context"),
            ("prompts", "prompt_text", "id, category, context, prompt_text", "'q', 'c', 'x', NULL", "prompt_text"),
        )
    ),
    Attack("the service adds a run of nobody there is", SERVICE, ("INSERT INTO ledger.jobs (run_id, owner_id, project_spec) VALUES ('x', '00000000-0000-4000-8000-0000000000ff', '{}')",), '23503 insert or update on table "jobs" violates foreign key constraint "jobs_owner_id_fkey" (Key is not present in table "users".)'),
    Attack("a run has its times", SERVICE, (f"INSERT INTO ledger.jobs (run_id, owner_id, project_spec) VALUES ('x', '{ANN}', '{{}}') RETURNING created_at = now(), updated_at = now()",), "True True"),
    Attack("a prompt has its times", SERVICE, ("INSERT INTO ledger.prompts VALUES ('q', 'c', 'x', 't') RETURNING created_at = now(), updated_at = now()",), "True True"),
    Attack("the service writes a run twice", SERVICE, (f"INSERT INTO ledger.jobs (run_id, owner_id, project_spec) VALUES ('ann-1', '{ANN}', '{{}}')",), '23505 duplicate key value violates unique constraint "jobs_pkey"'),
    *(
        Attack(f"the service writes a row of {table} twice", SERVICE, (f"INSERT INTO ledger.{table} SELECT * FROM ledger.{table}",), f'23505 duplicate key value violates unique constraint "{table}_pkey"')
        for table in ("job_events", "artifacts", "prompts")
    ),
    Attack("what hangs on a run goes with it", SERVICE, ("DELETE FROM ledger.jobs WHERE run_id = 'ann-1'", "SELECT (SELECT count(*) FROM ledger.job_events WHERE run_id = 'ann-1'), (SELECT count(*) FROM ledger.artifacts WHERE run_id = 'ann-1')"), "0 0"),
    Attack("a user with runs is not removed", OURS, (f"DELETE FROM auth.users WHERE id = '{BEN}'",), f'23503 update or delete on table "users" violates foreign key constraint "jobs_owner_id_fkey" on table "jobs" (Key (id)=({BEN}) is still referenced from table "jobs".)'),
]

READING = [
    Attack("a leaky function sees one's own rows", ANNS, (LEAK, f"{RUNS} WHERE evil.leak(run_id) AND run_id <> 'ann-0'"), "ann-1 [ann-1]"),
    Attack("a division tells nothing of another's rows", ANNS, (f"{RUNS} WHERE 1 / (CASE WHEN owner_id = '{BEN}' THEN 0 ELSE 1 END) = 1",), MINE),
    Attack("a cast tells nothing of another's rows", ANNS, (f"{RUNS} WHERE (CASE run_id WHEN 'ben-1' THEN run_id ELSE '1' END)::int = 1",), MINE),
    Attack("statistics are not shown", ANNS, ("SELECT count(*) FROM pg_stats WHERE schemaname = 'ledger'",), "0"),
    Attack("statistics cannot be read", ANNS, ("SELECT count(*) FROM pg_statistic",), NO_TABLE.format("pg_statistic")),
    Attack("a whole table is copied out", ANNS, ("COPY ledger.jobs (run_id) TO STDOUT",), MINE),
    Attack("a sample is of one's own", ANNS, (f"{RUNS} TABLESAMPLE system (100)",), MINE),
    Attack("places on disk are one's own", ANNS, ("SELECT run_id FROM ledger.jobs WHERE ctid >= '(0,0)'::tid",), MINE),
    Attack("a join finds one's own", ANNS, ("SELECT DISTINCT e.run_id FROM ledger.job_events e FULL JOIN ledger.artifacts a USING (run_id)",), MINE),
    Attack("a plan made for ann is used by ben", ANNS, ("SET LOCAL plan_cache_mode = force_generic_plan", f"PREPARE all_runs AS {RUNS}", "EXECUTE all_runs", f"SET LOCAL request.jwt.claims = '{claims(sub=str(BEN))}'", "EXECUTE all_runs"), "ben-1"),
    Attack("a plan made for the service is used by ann", SERVICE, ("SET LOCAL plan_cache_mode = force_generic_plan", f"PREPARE runs_of_all AS {RUNS}", "EXECUTE runs_of_all", f"SET LOCAL request.jwt.claims = '{claims(sub=str(ANN))}'", "SET LOCAL ROLE authenticated", "EXECUTE runs_of_all"), MINE),
    Attack("a plan made for ann is used by anon", ANNS, (f"PREPARE anons AS {RUNS}", "EXECUTE anons", "SET LOCAL ROLE anon", "EXECUTE anons"), NO_SCHEMA),
    Attack("a cursor opened by ann is hers", ANNS, (f"DECLARE hers CURSOR FOR {RUNS}", f"SET LOCAL request.jwt.claims = '{claims(sub=str(BEN))}'", "FETCH ALL FROM hers"), "ben-1"),
]

OBJECTS = [
    Attack("a key from one's own table", ANNS, ("CREATE TABLE evil.mine (run_id text REFERENCES ledger.jobs)",), NO_TABLE.format("jobs")),
    Attack("a trigger on another's table", ANNS, ("CREATE FUNCTION evil.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$", "CREATE TRIGGER mine AFTER INSERT ON ledger.jobs FOR EACH ROW EXECUTE FUNCTION evil.f()"), NO_TABLE.format("jobs")),
    Attack("a rule", ANNS, ("CREATE RULE mine AS ON INSERT TO ledger.jobs DO ALSO NOTHING",), "42501 must be owner of table jobs"),
    Attack("a policy", ANNS, ("CREATE POLICY mine ON ledger.jobs USING (true)",), "42501 must be owner of table jobs"),
    Attack("row level security off", SERVICE, ("ALTER TABLE ledger.jobs DISABLE ROW LEVEL SECURITY",), "42501 must be owner of table jobs"),
    Attack("an inheriting table", ANNS, ("CREATE TABLE evil.mine () INHERITS (ledger.jobs)",), "42501 must be owner of table jobs"),
    *(
        Attack(f"{who} makes something in the ledger", caller, ("CREATE TABLE ledger.mine ()",), NO_SCHEMA)
        for who, caller in (("ann", ANNS), ("the service", SERVICE), ("the keeper", KEEPER), ("anon", ANON))
    ),
    Attack("set_status is exchanged", SERVICE, ("CREATE OR REPLACE FUNCTION ledger.set_status(run text, status text, error text) RETURNS boolean RETURN true",), NO_SCHEMA),
    Attack("settings of a function", SERVICE, ("ALTER FUNCTION ledger.set_status RESET search_path",), "42501 must be owner of function ledger.set_status"),
]

ROLES = [
    *(
        Attack(f"{session} acts as {role}", Caller(None), (f"SET LOCAL ROLE {role}",), f'42501 permission denied to set role "{role}"', session)
        for session, roles in (("stranger", ("anon", "service_role", "ledger_keeper", "heir")), ("passer_by", ("authenticated", "service_role", "ledger_keeper", "heir")))
        for role in roles
    ),
    Attack("authenticated's rights are not inherited as the service", Caller("heir"), (RUNS,), "nothing", "heir"),
    Attack("whoever inherits the service's rights is not the service", Caller("heir"), (f"INSERT INTO ledger.jobs (run_id, owner_id, project_spec) VALUES ('x', '{ANN}', '{{}}')",), REFUSED.format("jobs"), "heir"),
    *(
        Attack(f"an heir reads {table}", Caller("heir"), (f"SELECT 1 FROM ledger.{table}",), "nothing", "heir")
        for table in ("job_events", "artifacts", "prompts")
    ),
    *(
        Attack(f"an heir writes to {of[0]}", Caller("heir"), (part(of, "ann-1", ANN),), REFUSED.format(of[0]), "heir")
        for of in (EVENT, ARTIFACT)
    ),
    Attack("an heir writes prompts", Caller("heir"), ("INSERT INTO ledger.prompts VALUES ('q', 'c', 'x', 't')",), REFUSED.format("prompts"), "heir"),
    Attack("an heir changes statuses", Caller("heir"), ("UPDATE ledger.jobs SET status = 'failed'",), "0 rows", "heir"),
    Attack("the role is a setting", Caller(None), ("SELECT set_config('role', 'service_role', true)",), '42501 permission denied to set role "service_role"', "stranger"),
    Attack("one gives oneself the service", Caller(None), ("GRANT service_role TO stranger",), "42501 ...", "stranger"),
]

SETTINGS = [
    Attack("row_security off", ANNS, ("SET LOCAL row_security = off", RUNS), '42501 query would be affected by row-level security policy for table "jobs"'),
    Attack("ann says she is a backup", ANNS, ("SET LOCAL ledger.backup = 'on'", RUNS), MINE),
    Attack("an owner's backup reads everything", OURS, ("SET LOCAL ledger.backup = 'on'", RUNS), ALL),
    *(
        Attack(f"an owner's backup reads {table}", OURS, ("SET LOCAL ledger.backup = 'on'", f"SELECT count(*) FROM ledger.{table}"), count)
        for table, count in (("job_events", "3"), ("artifacts", "3"), ("prompts", "1"))
    ),
    *(
        Attack(f"ann says she is a backup of {table}", ANNS, ("SET LOCAL ledger.backup = 'on'", f"SELECT DISTINCT owner_id FROM ledger.{table}"), str(ANN))
        for table in ("job_events", "artifacts")
    ),
    Attack("nobody says they are a backup of prompts", Caller("authenticated"), ("SET LOCAL ledger.backup = 'on'", "SELECT id FROM ledger.prompts"), "nothing"),
    Attack("a backup of the owner's changes nothing", OURS, ("SET LOCAL ledger.backup = 'on'", "DELETE FROM ledger.jobs"), "0 rows"),
    *(
        Attack(f"claims with {what}", _claiming(text), (RUNS,), gives)
        for what, text, gives in (
            ("two subjects, the last of which counts", f'{{"sub": "{BEN}", "sub": "{ANN}"}}', MINE),
            ("a subject in braces", f'{{"sub": "{{{ANN}}}"}}', MINE),
            ("a subject that is an object", f'{{"sub": {{"sub": "{ANN}"}}}}', "nothing"),
            ("a subject that is a list", f'{{"sub": ["{ANN}"]}}', "nothing"),
            ("a subject that is a number", '{"sub": 1}', "nothing"),
            ("a subject that is true", '{"sub": true}', "nothing"),
            ("a subject that is null", '{"sub": null}', "nothing"),
            ("a subject with SQL in it", "{\"sub\": \"' OR true --\"}", "nothing"),
            ("a subject of a million letters", f'{{"sub": "{"a" * 1_000_000}"}}', "nothing"),
            ("a character that cannot be", f'{{"sub": "{ANN}\\u0000"}}', "nothing"),
            ("only a string", f'"{ANN}"', "nothing"),
            ("only a number", "1", "nothing"),
            ("only null", "null", "nothing"),
            ("a role that is an object", f'{{"sub": "{ANN}", "role": {{}}}}', "nothing"),
            ("no role", f'{{"sub": "{ANN}", "role": ""}}', "nothing"),
            ("another role", f'{{"sub": "{ANN}", "role": "anon"}}', "nothing"),
            ("an expiry in the year 2100", f'{{"sub": "{ANN}", "exp": 4102444800}}', MINE),
            ("an expiry beyond all numbers", f'{{"sub": "{ANN}", "exp": 1e400}}', "nothing"),
            ("an expiry before 1970", f'{{"sub": "{ANN}", "exp": -1}}', "nothing"),
            ("an expiry that is true", f'{{"sub": "{ANN}", "exp": true}}', "nothing"),
        )
    ),
    *(
        Attack(f"the tables' owner has ann's claims and reads {table}", Caller(None, ANNS.claims), (f"SELECT {column} FROM ledger.{table}",), "nothing", before_16=gives)
        for table, column, gives in (("jobs", "run_id", MINE), ("job_events", "run_id", MINE), ("artifacts", "run_id", MINE), ("prompts", "id", "p"))
    ),
    *(
        Attack(f"the tables' owner has ann's claims and writes to {of[0]}", Caller(None, ANNS.claims), (part(of, "ann-1", ANN),), REFUSED.format(of[0]), before_16="1 rows")
        for of in (EVENT, ARTIFACT)
    ),
    Attack("an older name of the subject", Caller("authenticated"), (f"SELECT set_config('request.jwt.claim.sub', '{ANN}', true)", RUNS), "nothing"),
]

PATHS = [
    Attack("another current_setting", ANNS, (PATH, RUNS), MINE),
    Attack("another gen_random_uuid", ANNS, (PATH, "INSERT INTO ledger.jobs (project_spec) VALUES ('{}') RETURNING run_id <> '00000000-0000-4000-8000-0000000000ee'"), "True"),
    Attack("another clock", SERVICE, (PATH, "SELECT ledger.set_status('ann-1', 'completed')", "SELECT pg_catalog.date_part('year', completed_at) > 2001 FROM ledger.jobs WHERE run_id OPERATOR(pg_catalog.=) 'ann-1'"), "True"),
    Attack("another equality", ANNS, (PATH, part(EVENT, "ann-0", ANN)), "55000 run ann-0 has ended; nothing is added to it"),
]

MAY = """
SELECT DISTINCT concat_ws(' ', may, thing) FROM (
    SELECT relname::text, may FROM pg_class
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS may
    WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'v', 'm') AND has_table_privilege('{0}', oid, may)
    UNION ALL
    SELECT format('%s.%s', relname, attname), may FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS may
    WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r' AND attnum > 0
        AND has_column_privilege('{0}', attrelid, attnum, may) AND NOT has_table_privilege('{0}', attrelid, may)
    UNION ALL
    SELECT proname::text, 'EXECUTE' FROM pg_proc
    WHERE pronamespace = 'ledger'::regnamespace AND has_function_privilege('{0}', oid, 'EXECUTE')
) AS rights (thing, may)
"""

RIGHTS = [
    Attack(f"all that {role} may do", OURS, (MAY.format(role),), gives)
    for role, gives in (
        ("anon", "nothing"),
        ("authenticated", "EXECUTE caller, INSERT artifacts.checksum, INSERT artifacts.content_type, INSERT artifacts.file_size, INSERT artifacts.kind, INSERT artifacts.meta, INSERT artifacts.owner_id, INSERT artifacts.run_id, INSERT artifacts.url, INSERT job_events.bot_name, INSERT job_events.event_type, INSERT job_events.owner_id, INSERT job_events.payload, INSERT job_events.run_id, INSERT jobs.owner_id, INSERT jobs.project_spec, SELECT artifacts, SELECT job_events, SELECT jobs, SELECT prompts"),
        ("service_role", "DELETE artifacts, DELETE job_events, DELETE jobs, DELETE prompts, EXECUTE caller, EXECUTE set_status, INSERT artifacts, INSERT job_events, INSERT jobs, INSERT prompts, SELECT artifacts, SELECT job_events, SELECT jobs, SELECT prompts, UPDATE prompts"),
        ("ledger_keeper", "EXECUTE refuse_ended, EXECUTE set_status, SELECT jobs, UPDATE jobs.completed_at, UPDATE jobs.error_message, UPDATE jobs.started_at, UPDATE jobs.status, UPDATE jobs.updated_at"),
    )
]

ATTACKS = [*VIEWS, *FUNCTIONS, *FORGERIES, *READING, *OBJECTS, *ROLES, *SETTINGS, *PATHS, *RIGHTS]

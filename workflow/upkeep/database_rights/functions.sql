-- What the database itself enforces where officers work under roles of their own (docs/security.md).
-- The schema of the tables, and the role of those that work as the program itself, are filled in.

-- Whether this session is an officer's or a worker's: not that of the owner of the tables, nor a superuser's.
-- session_user and not current_user, which changes inside functions like those below and with SET ROLE.
CREATE OR REPLACE FUNCTION disclosure_bound() RETURNS boolean
LANGUAGE sql STABLE SET search_path = ${schema}, pg_temp AS $body$
  SELECT NOT pg_has_role(session_user, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = 'ledger'::regclass
$body$;

-- A refusal that the program shows as one.
CREATE OR REPLACE FUNCTION disclosure_refuse(reason text) RETURNS void
LANGUAGE plpgsql SET search_path = ${schema}, pg_temp AS $body$
BEGIN
  RAISE EXCEPTION '%', reason USING ERRCODE = 'DG001';
END
$body$;

-- Everybody who stands behind an entry; as workflow.cases.case.persons.
CREATE OR REPLACE FUNCTION disclosure_persons(actor text, via text, login text, acting_for text) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = ${schema}, pg_temp AS $body$
  SELECT array_remove(ARRAY[actor, acting_for, CASE WHEN via <> 'none' THEN 'login:' || nullif(login, '') END], NULL)
$body$;

-- The entries of a case that were not taken back.
CREATE OR REPLACE FUNCTION disclosure_standing(of_case integer) RETURNS SETOF ledger
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
  SELECT l.* FROM ledger l WHERE l.case_id = of_case AND l.event <> 'undo' AND NOT EXISTS (
    SELECT 1 FROM ledger u
    WHERE u.case_id = of_case AND u.event = 'undo' AND (u.payload::json ->> 'entry')::integer = l.n)
$body$;

-- The state of a case by its entries: what was done between an act and its being taken back moved nothing.
CREATE OR REPLACE FUNCTION disclosure_state(of_case integer) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
  SELECT coalesce((
    SELECT l.dest FROM ledger l WHERE l.case_id = of_case AND l.track = 'case' AND NOT EXISTS (
      SELECT 1 FROM ledger u
      WHERE u.case_id = of_case AND u.event = 'undo'
        AND l.n BETWEEN (u.payload::json ->> 'entry')::integer AND u.n)
    ORDER BY l.n DESC LIMIT 1), 'new')
$body$;

-- The newest entry of an office; writers of the office wait for one another from here on.
CREATE OR REPLACE FUNCTION disclosure_head(of_office integer)
RETURNS TABLE (seq integer, hash varchar, peaks text)
LANGUAGE sql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
  SELECT h.seq, h.hash, h.peaks FROM chain_head h WHERE h.office_id = of_office FOR UPDATE
$body$;

-- The roles in which this session acts: its officer's, those of whom he is deputy for, or the program's own.
CREATE OR REPLACE FUNCTION disclosure_roles(
  of_office integer, said text, said_via text, said_login text, stands_for text, moment timestamptz
) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
DECLARE
  own officer;
  absent officer;
  worker boolean := pg_has_role(session_user, ${workers_text}, 'MEMBER');
  -- What an officer of the office above, or of an organ below, does there is written here too.
  near text[] := ARRAY(
    SELECT DISTINCT CASE WHEN this.profile::jsonb ->> 'superior' = his.key THEN 'above' ELSE 'below' END
    FROM officer o JOIN office his ON his.id = o.office_id JOIN office this ON this.id = of_office
    WHERE o.login = session_user AND o.active AND his.id <> this.id
      AND (this.profile::jsonb ->> 'superior' = his.key OR his.profile::jsonb ->> 'superior' = this.key));
BEGIN
  IF said_login IS DISTINCT FROM session_user::text THEN
    PERFORM disclosure_refuse(format('the entry names the login %s, and this is %s', said_login, session_user));
  END IF;
  SELECT * INTO own FROM officer o WHERE o.office_id = of_office AND o.login = session_user AND o.active;
  IF said = 'system' AND said_via = 'system' AND stands_for IS NULL AND (worker OR own.key IS NOT NULL OR cardinality(near) > 0)
  THEN
    RETURN CASE WHEN worker OR own.key IS NOT NULL THEN near || 'system'::text ELSE near END;
  END IF;
  IF own.key IS NULL OR said IS DISTINCT FROM own.key OR said_via IS DISTINCT FROM 'database' THEN
    PERFORM disclosure_refuse(format('%s cannot act as %s', session_user, said));
  END IF;
  IF stands_for IS NULL THEN
    RETURN string_to_array(own.roles, '|');
  END IF;
  SELECT * INTO absent FROM officer o WHERE o.office_id = of_office AND o.key = stands_for AND o.active;
  IF absent.key IS NULL OR NOT EXISTS (
    SELECT 1 FROM deputy d, (SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date AS day) t
    WHERE d.office_id = of_office AND d.officer = stands_for AND d.deputy = own.key
      AND t.day BETWEEN d.from_day AND d.until_day AND (d.ended_on IS NULL OR d.ended_on > t.day))
  THEN
    PERFORM disclosure_refuse(format('%s is not a deputy of %s', own.key, stands_for));
  END IF;
  RETURN string_to_array(absent.roles, '|');
END
$body$;

-- Who drafted does not pass, who proposed does not decide; as the guards of the program.
CREATE OR REPLACE FUNCTION disclosure_apart_refuse(
  of_office integer, of_case integer, said_event text, facts jsonb, mine text[]
) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
DECLARE
  rule disclosure_apart;
  settings jsonb := (SELECT profile::jsonb -> 'settings' FROM office WHERE id = of_office);
BEGIN
  FOR rule IN SELECT * FROM disclosure_apart a WHERE a.event = said_event LOOP
    CONTINUE WHEN rule.unless IS NOT NULL AND settings ->> rule.unless = 'true';
    IF EXISTS (
      SELECT 1 FROM disclosure_standing(of_case) l
      WHERE l.event = rule.against
        AND l.n > coalesce((SELECT max(s.n) FROM disclosure_standing(of_case) s WHERE s.event = ANY (rule.since)), 0)
        AND (NOT rule.latest OR l.n = (SELECT max(s.n) FROM disclosure_standing(of_case) s WHERE s.event = rule.against))
        AND disclosure_persons(l.actor, l.via, l.login, l.acting_for) && mine)
    THEN
      PERFORM disclosure_refuse(format('who did %s cannot also do %s', rule.against, said_event));
    END IF;
  END LOOP;
  IF said_event = 'approve_letter' AND EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(facts -> 'letter') one
    JOIN letter t ON t.id = one::integer JOIN ledger l ON l.case_id = t.case_id AND l.n = t.entry_n
    WHERE l.actor = ANY (mine))
  THEN
    PERFORM disclosure_refuse('who called for a letter cannot also approve it');
  END IF;
  IF said_event = 'undo' AND NOT EXISTS (
    SELECT 1 FROM ledger l WHERE l.case_id = of_case AND l.n = (facts ->> 'entry')::integer AND l.event <> 'undo')
  THEN
    PERFORM disclosure_refuse('there is no such entry to take back');
  END IF;
END
$body$;

-- What an officer may enter of the office itself.
CREATE OR REPLACE FUNCTION disclosure_office_refuse(
  of_office integer, said_event text, facts jsonb, mine text[], his_roles text[]
) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
BEGIN
  IF said_event IN ('deputy_appointed', 'deputy_ended')
    AND NOT ('approver' = ANY (his_roles) OR facts ->> 'officer' = ANY (mine))
  THEN
    PERFORM disclosure_refuse('a deputy is appointed by the absent officer or by an approver');
  END IF;
  IF said_event = 'login_bound' AND (facts ->> 'proposed_by' = ANY (mine) OR NOT EXISTS (
    SELECT 1 FROM ledger l
    WHERE l.office_id = of_office AND l.event = 'login_proposed' AND l.actor = facts ->> 'proposed_by'
      AND l.payload::jsonb ->> 'officer' = facts ->> 'officer' AND l.payload::jsonb ->> 'login' = facts ->> 'login'
      AND NOT disclosure_persons(l.actor, l.via, l.login, l.acting_for) && mine))
  THEN
    PERFORM disclosure_refuse('a login is bound by two persons');
  END IF;
END
$body$;

-- The one way into the ledger for officers: append an entry after the newest. The peaks of the tree after it.
CREATE OR REPLACE FUNCTION disclosure_append(
  e_office integer, e_seq integer, e_case integer, e_n integer, e_track text, e_event text, e_on date,
  e_recorded text, e_actor text, e_source text, e_dest text, e_article text, e_payload text, e_via text,
  e_login text, e_for text, e_prev text, e_hash text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
DECLARE
  newest chain_head;
  before text;
  facts jsonb := e_payload::jsonb;
  moment timestamptz := e_recorded::timestamptz;
  his_roles text[];
  mine text[] := disclosure_persons(e_actor, e_via, e_login, e_for);
  node bytea;
  level integer := 0;
BEGIN
  SELECT * INTO newest FROM chain_head h WHERE h.office_id = e_office FOR UPDATE;
  IF newest.seq IS NULL OR e_seq IS DISTINCT FROM newest.seq + 1 OR e_prev IS DISTINCT FROM newest.hash THEN
    PERFORM disclosure_refuse('the entry does not follow the newest one');
  END IF;
  IF newest.peaks IS NULL AND newest.seq > 0 THEN
    PERFORM disclosure_refuse('the tree over the entries is not built: the owner runs disclosure database grants --apply');
  END IF;
  -- The same bytes as workflow.storage.ledger.hashed.
  IF e_hash IS DISTINCT FROM encode(sha256(convert_to(
    '[' || concat_ws(',', e_office, e_seq, coalesce(e_case::text, 'null'), e_n, to_json(e_track), to_json(e_event),
      to_json(e_on), to_json(e_recorded), to_json(e_actor), to_json(e_source), to_json(e_dest), to_json(e_article),
      to_json(e_payload), to_json(e_prev), to_json(e_via), coalesce(to_json(e_login)::text, 'null'),
      coalesce(to_json(e_for)::text, 'null')) || ']', 'UTF8')), 'hex')
  THEN
    PERFORM disclosure_refuse('the hash is not that of the entry');
  END IF;
  SELECT l.recorded_at INTO before FROM ledger l WHERE l.office_id = e_office AND l.seq = newest.seq;
  IF moment > clock_timestamp() + interval '10 minutes' OR moment < before::timestamptz - interval '10 minutes' THEN
    PERFORM disclosure_refuse('the moment of the entry is not now: is the clock of the machine right?');
  END IF;
  his_roles := disclosure_roles(e_office, e_actor, e_via, e_login, e_for, moment);
  IF NOT EXISTS (
    SELECT 1 FROM disclosure_step s
    WHERE s.track = e_track AND s.event = e_event AND e_source = ANY (s.sources)
      AND e_dest = CASE s.dest WHEN '=' THEN e_source ELSE s.dest END
      AND (s.roles && his_roles OR ('*' = ANY (s.roles) AND NOT 'system' = ANY (his_roles))))
  THEN
    PERFORM disclosure_refuse(format('%s may not do this: %s %s > %s', e_actor, e_event, e_source, e_dest));
  END IF;
  IF e_case IS NULL THEN
    IF e_track <> 'office' OR e_n <> 0 THEN
      PERFORM disclosure_refuse('an entry of a case names its case');
    END IF;
    PERFORM disclosure_office_refuse(e_office, e_event, facts, mine, his_roles);
  ELSE
    IF NOT EXISTS (SELECT 1 FROM case_file c WHERE c.id = e_case AND c.office_id = e_office) THEN
      PERFORM disclosure_refuse('there is no such case in this office');
    END IF;
    IF e_n IS DISTINCT FROM (SELECT coalesce(max(l.n), 0) + 1 FROM ledger l WHERE l.case_id = e_case) THEN
      PERFORM disclosure_refuse('the entry does not follow the newest one of its case');
    END IF;
    IF e_track = 'case' AND disclosure_state(e_case) IS DISTINCT FROM e_source THEN
      PERFORM disclosure_refuse(format('the case is %s, and not %s', disclosure_state(e_case), e_source));
    END IF;
    PERFORM disclosure_apart_refuse(e_office, e_case, e_event, facts, mine);
  END IF;
  INSERT INTO ledger (office_id, seq, case_id, n, track, event, on_day, recorded_at, actor, source, dest, article,
    payload, via, login, acting_for, prev_hash, hash)
  VALUES (e_office, e_seq, e_case, e_n, e_track, e_event, e_on, e_recorded, e_actor, e_source, e_dest, e_article,
    e_payload, e_via, e_login, e_for, e_prev, e_hash);
  -- The Merkle tree beside the chain; as workflow.storage.tree.
  node := sha256('\x00'::bytea || decode(e_hash, 'hex'));
  newest.peaks := coalesce(newest.peaks, '');
  WHILE (newest.seq >> level) & 1 = 1 LOOP
    node := sha256('\x01'::bytea || decode(right(newest.peaks, 64), 'hex') || node);
    newest.peaks := left(newest.peaks, -64);
    level := level + 1;
    IF level % ${step} = 0 THEN
      INSERT INTO tree_node (office_id, level, place, hash)
      VALUES (e_office, level, newest.seq >> level, encode(node, 'hex'));
    END IF;
  END LOOP;
  newest.peaks := newest.peaks || encode(node, 'hex');
  UPDATE chain_head SET seq = e_seq, hash = e_hash, peaks = newest.peaks WHERE office_id = e_office;
  RETURN newest.peaks;
END
$body$;

-- A row that an officer wrote stands only with an entry of this very transaction: of its case, or of its office,
-- by one of the events named. Asked at the commit. First argument 'case' or 'office', second the events.
CREATE OR REPLACE FUNCTION disclosure_backed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
DECLARE
  kept jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  events text[] := TG_ARGV[1]::text[];
  here xid := pg_current_xact_id()::xid;
  of_case integer;
BEGIN
  IF TG_ARGV[0] = 'case' THEN
    of_case := (kept ->> CASE TG_TABLE_NAME WHEN 'case_file' THEN 'id' ELSE 'case_id' END)::integer;
    IF EXISTS (
      SELECT 1 FROM ledger l WHERE l.case_id = of_case AND l.xmin = here
        AND ('*' = ANY (events) OR l.event = ANY (events)))
    THEN
      RETURN NULL;
    END IF;
  ELSIF EXISTS (
    SELECT 1 FROM chain_head h JOIN ledger l ON l.office_id = h.office_id AND l.seq > h.seq - 1000
    WHERE l.xmin = here AND ('*' = ANY (events) OR l.event = ANY (events))
      AND (NOT kept ? 'office_id' OR h.office_id = (kept ->> 'office_id')::integer))
  THEN
    RETURN NULL;
  END IF;
  PERFORM disclosure_refuse(format('%s in %s without an entry that says so', lower(TG_OP), TG_TABLE_NAME));
END
$body$;

-- The row of an officer is what the entry says that was made for it.
CREATE OR REPLACE FUNCTION disclosure_officer_backed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $body$
DECLARE
  here xid := pg_current_xact_id()::xid;
  wanted text := (SELECT profile::jsonb -> 'settings' ->> 'binding' FROM office WHERE id = NEW.office_id);
  kept jsonb := to_jsonb(NEW) - 'id' - 'office_id';
  old jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) - 'id' - 'office_id' ELSE '{}'::jsonb END;
BEGIN
  IF EXISTS (
    SELECT 1 FROM chain_head h JOIN ledger l ON l.office_id = h.office_id AND l.seq > h.seq - 1000
    CROSS JOIN LATERAL (SELECT l.payload::jsonb AS said) p
    WHERE h.office_id = NEW.office_id AND l.xmin = here AND (
      (l.event = 'officer_set' AND p.said = kept
        AND (coalesce(wanted, 'none') = 'none' OR kept -> 'login' = coalesce(old -> 'login', 'null'::jsonb)))
      OR (l.event = 'officer_stopped' AND p.said ->> 'key' = NEW.key AND kept = old || '{"active": false}'::jsonb)
      OR (l.event = 'login_bound' AND p.said ->> 'officer' = NEW.key
        AND kept = old || jsonb_build_object('login', p.said ->> 'login'))))
  THEN
    RETURN NULL;
  END IF;
  PERFORM disclosure_refuse(format('%s in officer without an entry that says so', lower(TG_OP)));
END
$body$;

-- Nobody but the functions above writes here, whatever rights a role may have besides.
CREATE OR REPLACE FUNCTION disclosure_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = ${schema}, pg_temp AS $body$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'MEMBER') THEN
    PERFORM disclosure_refuse(format('%s is not written by hand', TG_TABLE_NAME));
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$body$;

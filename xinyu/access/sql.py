"""The SQL of sight that is the same for every table: roles, functions that tell the actor, scope of posts."""

OWNER, SIGHT = "xinyu_owner", "xinyu_sight"
STAFF, SERVICE, DOOR = "xinyu_staff", "xinyu_service", "xinyu_door"
KEYED_ROLES = {"sitting": "xinyu_sitting", "card": "xinyu_card", "consent": "xinyu_consent", "slip": "xinyu_slip"}
LOGINS = ("xinyu_app", "xinyu_worker", "xinyu_tests")
ACTING = (STAFF, SERVICE, DOOR, *KEYED_ROLES.values())
EVERYONE = ", ".join((*LOGINS, *ACTING))

#: a post counts while it is approved, not revoked, and the day in China lies within its dates
LIVE_POST = """approved_at IS NOT NULL AND revoked_at IS NULL
      AND valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
      AND (valid_to IS NULL OR valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)"""


def only_for(function: str, *roles: str) -> list[str]:
    """Statements after which these database roles may call a function, and nobody else."""
    given = [f"GRANT EXECUTE ON FUNCTION {function} TO {', '.join(roles)}"] if roles else []
    return [f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC", *given]


def _scope_function(name: str, column: str) -> str:
    """A definer function that returns ids, never rows; plpgsql because an SQL function would be planned again per call."""
    return f"""CREATE OR REPLACE FUNCTION {name}(roles text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg({column}), '{{}}') FROM accounts_post
    WHERE user_id = access_user() AND role = ANY (roles) AND {column} IS NOT NULL AND {LIVE_POST}
      AND coalesce(role = ANY (string_to_array(nullif(current_setting('app.roles', true), ''), ',')), true)
      AND EXISTS (SELECT FROM accounts_user WHERE accounts_user.id = accounts_post.user_id AND is_active));
END $$;
ALTER FUNCTION {name}(text[]) OWNER TO {SIGHT};
REVOKE ALL ON FUNCTION {name}(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}(text[]) TO {STAFF};
"""  # noqa: S608 - constant names


FUNCTIONS = f"""
REVOKE ALL ON access_sealed FROM PUBLIC, {EVERYONE};
GRANT SELECT ON access_sealed TO {EVERYONE};
GRANT SELECT ON django_migrations TO {", ".join(LOGINS)};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {EVERYONE}, {SIGHT};
GRANT CREATE ON SCHEMA public TO {SIGHT};

CREATE OR REPLACE FUNCTION access_part(kind text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN split_part(current_setting('app.actor', true), ':', 1) = kind
          THEN nullif(split_part(current_setting('app.actor', true), ':', 2), '') END $$;
CREATE OR REPLACE FUNCTION access_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT access_part('user')::bigint $$;
CREATE OR REPLACE FUNCTION access_sitting() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT access_part('sitting')::bigint $$;
CREATE OR REPLACE FUNCTION access_card() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT access_part('card')::bigint $$;
CREATE OR REPLACE FUNCTION access_consent() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT access_part('consent')::bigint $$;
CREATE OR REPLACE FUNCTION access_slip() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT access_part('slip')::bigint $$;
CREATE OR REPLACE FUNCTION access_system() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT access_part('system') $$;

GRANT SELECT ON accounts_post TO {SIGHT};
GRANT SELECT (id, is_active) ON accounts_user TO {SIGHT};
{_scope_function("access_scope", "place_id")}
{_scope_function("access_schools", "school_id")}
CREATE OR REPLACE FUNCTION access_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE OR REPLACE FUNCTION access_leave() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV[0] - TG_ARGV[1] = to_jsonb(OLD) - TG_ARGV[0] - TG_ARGV[1]
    AND to_jsonb(NEW) ->> TG_ARGV[0] IS NULL AND to_jsonb(OLD) ->> TG_ARGV[1] IS NULL
    AND to_jsonb(NEW) ->> TG_ARGV[1] IS NOT NULL THEN RETURN NEW; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

#: what is really there, one row per relation: (name, digest of row security, grants, policies, our triggers)
FOUND = r"""
SELECT c.relname, md5(concat_ws('|', c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
  (SELECT string_agg(concat_ws(':', attname, attacl::text), '|' ORDER BY attnum) FROM pg_attribute
     WHERE attrelid = c.oid AND attacl IS NOT NULL),
  (SELECT string_agg(concat_ws(':', polname, polcmd, polpermissive, polroles::regrole[]::text,
     pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), '|' ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid),
  (SELECT string_agg(pg_get_triggerdef(oid) || tgenabled::text, '|' ORDER BY tgname) FROM pg_trigger WHERE tgrelid = c.oid AND tgname LIKE 'access\_%')))
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL SELECT 'access_functions', md5(string_agg(pg_get_functiondef(oid) || proowner::regrole::text || coalesce(proacl::text, ''), '|' ORDER BY proname))
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND (proname LIKE 'access\_%' OR proname LIKE 'audit\_%' OR proname LIKE 'door\_%')
"""

#: relations on which an acting role or a log-in holds any privilege at all
TOUCHABLE = f"""
SELECT DISTINCT c.relname FROM pg_class c, unnest('{{{",".join((*LOGINS, *ACTING))}}}'::text[]) AS who
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND EXISTS (SELECT FROM pg_roles WHERE rolname = who)
  AND (has_table_privilege(who, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(who, c.oid, 'SELECT, INSERT, UPDATE'))
"""

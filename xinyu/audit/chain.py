"""Tamper evidence: each audit row is linked to the one before it when its transaction commits.

A trigger that links at insert either forks under concurrent writers or makes them queue for the whole transaction;
a DEFERRED constraint trigger holds its lock only from commit to commit.
"""

DIGEST = """sha256(convert_to(concat_ws('|', previous_hash, entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    entry.actor, entry.verb, entry.subject, entry.student_id, entry.school_id, entry.request_id, entry.detail::text), 'UTF8'))"""

CHAIN_SQL = [
    """CREATE OR REPLACE FUNCTION audit_digest(entry audit_auditentry, previous_hash text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$ SELECT encode("""
    + DIGEST
    + """, 'hex') $$""",
    """CREATE OR REPLACE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE previous text;
BEGIN
  PERFORM pg_advisory_xact_lock(7301);
  SELECT hash INTO previous FROM audit_auditlink ORDER BY id DESC LIMIT 1;
  INSERT INTO audit_auditlink (entry_id, hash) VALUES (NEW.id, audit_digest(NEW, coalesce(previous, '')));
  RETURN NULL;
END $$""",
    "REVOKE ALL ON FUNCTION audit_link() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION audit_digest(audit_auditentry, text) FROM PUBLIC",
    "DROP TRIGGER IF EXISTS access_link ON audit_auditentry",
    """CREATE CONSTRAINT TRIGGER access_link AFTER INSERT ON audit_auditentry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION audit_link()""",
]

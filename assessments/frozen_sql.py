"""What was used or approved does not change: the database itself refuses, whoever asks."""

GUARD = """CREATE OR REPLACE FUNCTION scale_version_guard() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (OLD.code, OLD.version, OLD.digest, OLD.definition) IS DISTINCT FROM
     (NEW.code, NEW.version, NEW.digest, NEW.definition)
    AND (OLD.frozen_at IS NOT NULL OR EXISTS (SELECT FROM assessments_scaleapproval WHERE version_id = OLD.id))
  THEN RAISE EXCEPTION 'scale version % % has been used or approved', OLD.code, OLD.version
    USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS DISTINCT FROM OLD.frozen_at
  THEN RAISE EXCEPTION 'scale version % % stays frozen', OLD.code, OLD.version USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$"""
TRIGGER = """CREATE OR REPLACE TRIGGER scale_version_guard BEFORE UPDATE ON assessments_scaleversion
FOR EACH ROW EXECUTE FUNCTION scale_version_guard()"""
FROZEN_SQL = [GUARD, "REVOKE ALL ON FUNCTION scale_version_guard() FROM PUBLIC", TRIGGER]

"""Rows from before get the county and city of their school, and are reports by their obligation."""

from django.db import migrations

# The table is append-only by a trigger, for the owner too: it rests while columns that did not exist are filled.
REST = "ALTER TABLE reminders_seasonrecord DISABLE TRIGGER USER"
WAKE = "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE reminders_seasonrecord ENABLE TRIGGER USER"
FILL = """UPDATE reminders_seasonrecord SET county_id = school.county_id, city_id = school.city_id,
 is_report = obligation IN ('zero_report', 'privacy_report')
 FROM organisations_school school WHERE school.id = school_id AND reminders_seasonrecord.county_id IS NULL"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0004_reports_reach_the_bureau")]

    operations = [migrations.RunSQL([REST, FILL, WAKE], migrations.RunSQL.noop)]

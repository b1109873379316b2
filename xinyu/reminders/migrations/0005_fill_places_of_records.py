"""Rows from before get the county and city of their school, and are reports by their obligation."""

from django.db import migrations

FILL = """UPDATE reminders_seasonrecord SET county_id = school.county_id, city_id = school.city_id,
 is_report = obligation IN ('zero_report', 'privacy_report')
 FROM organisations_school school WHERE school.id = school_id AND reminders_seasonrecord.county_id IS NULL"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0004_reports_reach_the_bureau")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

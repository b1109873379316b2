"""A school's report is addressed to its county and city: the place is filled by the database from the school."""

import django.db.models.deletion
from django.db import migrations, models


def place(to: str, **values):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", editable=False, to=to, **values
    )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("reminders", "0003_delivery")]

    operations = [
        migrations.AddField("seasonrecord", "county", place("organisations.county", null=True)),
        migrations.AddField("seasonrecord", "city", place("organisations.city", null=True)),
        migrations.AddField("seasonrecord", "is_report", models.BooleanField(default=False, db_default=False)),
    ]

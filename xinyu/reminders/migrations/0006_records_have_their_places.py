import django.db.models.deletion
from django.db import migrations, models


def place(to: str):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", editable=False, to=to,
        db_default=models.Value(0),
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reminders", "0005_fill_places_of_records")]

    operations = [
        migrations.AlterField("seasonrecord", "county", place("organisations.county")),
        migrations.AlterField("seasonrecord", "city", place("organisations.city")),
        migrations.AddIndex("seasonrecord", models.Index(fields=["county", "season"], name="seasonrecord_county")),
        migrations.AddIndex("seasonrecord", models.Index(fields=["city", "season"], name="seasonrecord_city")),
    ]

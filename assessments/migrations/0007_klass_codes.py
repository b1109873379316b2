from django.db import migrations, models

import assessments.codes


class Migration(migrations.Migration):
    """Rows that are there stay without a code: one default for all of them would not be unique."""

    dependencies = [("assessments", "0006_help_and_acute_talks")]

    operations = [
        migrations.AddField(
            model_name="screeningklass",
            name="code",
            field=models.CharField(editable=False, max_length=8, null=True, unique=True, verbose_name="班级码"),
        ),
        migrations.AlterField(
            model_name="screeningklass",
            name="code",
            field=models.CharField(
                default=assessments.codes.new_klass_code, editable=False, max_length=8, null=True, unique=True,
                verbose_name="班级码",
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0011_staff_rounds_and_informant_links'),
        ('organisations', '0001_initial'),
        ('students', '0006_notices_and_witnesses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='screening',
            name='makeup_place',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='补测地点和领码'),
        ),
        migrations.AddField(
            model_name='screeningklass',
            name='is_whole',
            field=models.BooleanField(db_default=True, default=True, verbose_name='整班'),
        ),
        migrations.AddField(
            model_name='screeningscale',
            name='pause_after',
            field=models.BooleanField(db_default=False, default=False, verbose_name='之后休息'),
        ),
        migrations.AddField(
            model_name='sitting',
            name='left_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='ScreeningPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(db_default=models.Value(0), editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.school')),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='assessments.screening')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.student')),
            ],
            options={
                'indexes': [models.Index(fields=['school'], name='assessments_school__897a96_idx')],
                'constraints': [models.UniqueConstraint(fields=('screening', 'student'), name='screening_person_once')],
            },
        ),
    ]

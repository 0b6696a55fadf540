from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classrooms', '0024_holidays'),
    ]

    operations = [
        migrations.AddField(
            model_name='classsession',
            name='records',
            field=models.BooleanField(blank=True, help_text='Recorded from its start; empty: as the course has it.', null=True),
        ),
    ]

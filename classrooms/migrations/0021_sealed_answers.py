from django.db import migrations, models


def drop(apps, schema_editor):
    """Some hold secrets in the clear; all of them are of use for a day."""
    apps.get_model("classrooms", "KeptAnswer").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('classrooms', '0020_classes_that_are_on'),
    ]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.RenameField(model_name='keptanswer', old_name='body', new_name='sealed_body'),
        migrations.AlterField(
            model_name='keptanswer',
            name='sealed_body',
            field=models.TextField(blank=True, help_text='See accounts.sealed.'),
        ),
        migrations.AlterField(
            model_name='keptanswer',
            name='status',
            field=models.PositiveSmallIntegerField(default=0, help_text='0: not answered yet.'),
        ),
    ]

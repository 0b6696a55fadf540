from django.db import migrations


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
    ]

from django.db import migrations, models

import tenants.ids


def name_everybody(apps, schema_editor):
    """Each row an id of its own: the column's default would be asked once for all."""
    members = apps.get_model("accounts", "Membership")._base_manager
    for pk in members.filter(public_id="").values_list("pk", flat=True).iterator():
        members.filter(pk=pk).update(public_id=tenants.ids.opaque_id())


class Migration(migrations.Migration):
    atomic = True
    dependencies = [("accounts", "0001_initial"), ("tenants", "0001_initial")]

    operations = [
        migrations.AddField(
            "membership", "public_id", models.CharField(default="", editable=False, max_length=32)
        ),
        migrations.RunPython(name_everybody, migrations.RunPython.noop),
        migrations.AlterField(
            "membership",
            "public_id",
            models.CharField(default=tenants.ids.opaque_id, editable=False, max_length=32, unique=True),
        ),
        migrations.AddField(
            "membership",
            "external_id",
            models.CharField(
                blank=True,
                default="",
                help_text="How another system of the school knows this person.",
                max_length=100,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "membership",
            models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("tenant", "external_id"),
                name="one_member_per_external_id",
            ),
        ),
    ]

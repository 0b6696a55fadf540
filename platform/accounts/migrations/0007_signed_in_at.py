from django.db import migrations, models
from django.db.models import Exists, OuterRef, Subquery


def fill(apps, schema_editor):
    """Where a person is at one school alone and no operator, the last sign-in was there."""
    Membership = apps.get_model("accounts", "Membership")
    people = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("user"))
    elsewhere = Membership.objects.filter(user=OuterRef("user")).exclude(pk=OuterRef("pk"))
    alone = Membership.objects.filter(~Exists(elsewhere), user__is_staff=False)
    alone.update(signed_in_at=Subquery(people.values("last_login")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_members_of_a_school'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='signed_in_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='At this school, the last time.', null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0015_words_of_pages'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='contact',
            field=models.EmailField(blank=True, help_text='Where people write who were removed from a class; empty: no address is shown.', max_length=254, verbose_name='email for questions'),
        ),
    ]

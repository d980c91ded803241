from django.db import migrations


class Migration(migrations.Migration):
    """The ledger remembers messages and named days: `subject` is what a recorded row is called in it."""

    dependencies = [("kernel", "0006_security_log")]

    operations = [
        migrations.RenameField("outboxmessage", "subject", "about"),
        migrations.RenameField("outboxmessage", "subject_id", "about_id"),
        migrations.AlterModelOptions("outboxmessage", {"verbose_name": "省平台消息"}),
        migrations.AlterModelOptions("holiday", {"verbose_name": "节假日安排"}),
    ]

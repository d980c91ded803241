"""When certificates were withdrawn before the day was kept with them: the ledger knows."""

from django.db import migrations


def fill_in(apps, schema_editor):
    certificates = apps.get_model("certificates", "Certificate").objects.filter(state="withdrawn", withdrawn_at=None)
    lines = apps.get_model("kernel", "LedgerLine").objects.filter(
        subject="certificates.certificate", entry__act="certificates.withdraw"
    )
    days = dict(lines.order_by("entry_id").values_list("subject_id", "entry__at"))
    for certificate in certificates:
        certificate.withdrawn_at = days.get(str(certificate.pk))
        certificate.withdrawn_ground = "other"
        certificate.save(update_fields=["withdrawn_at", "withdrawn_ground"])


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0004_what_becomes_of_one"),
        ("kernel", "0001_initial"),
    ]
    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]

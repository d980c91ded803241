import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_applicants_of_applications")]
    operations = [
        migrations.AlterField(
            "application",
            "applicant",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="application",
                to="applications.applicant",
                verbose_name="报名考生信息",
            ),
        ),
    ]

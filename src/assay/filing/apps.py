from django.apps import AppConfig


class FilingConfig(AppConfig):
    name = "assay.filing"
    label = "filing"
    verbose_name = "备案"
    default_auto_field = "django.db.models.BigAutoField"

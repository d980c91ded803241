from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "assay.oversight"
    label = "oversight"
    verbose_name = "督导"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "assay.setup"
    label = "setup"
    verbose_name = "建校"
    default_auto_field = "django.db.models.BigAutoField"

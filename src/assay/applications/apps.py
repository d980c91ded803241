from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "assay.applications"
    label = "applications"
    verbose_name = "报名"
    default_auto_field = "django.db.models.BigAutoField"

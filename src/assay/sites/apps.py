from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "assay.sites"
    label = "sites"
    verbose_name = "场地"
    default_auto_field = "django.db.models.BigAutoField"

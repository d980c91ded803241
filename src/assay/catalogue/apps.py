from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "assay.catalogue"
    label = "catalogue"
    verbose_name = "认定范围与标准"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "assay.batches"
    label = "batches"
    verbose_name = "认定批次"
    default_auto_field = "django.db.models.BigAutoField"

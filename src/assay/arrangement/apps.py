from django.apps import AppConfig


class ArrangementConfig(AppConfig):
    name = "assay.arrangement"
    label = "arrangement"
    verbose_name = "考场编排"
    default_auto_field = "django.db.models.BigAutoField"

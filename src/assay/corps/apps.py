from django.apps import AppConfig


class CorpsConfig(AppConfig):
    name = "assay.corps"
    label = "corps"
    verbose_name = "三支队伍"
    default_auto_field = "django.db.models.BigAutoField"

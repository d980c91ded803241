from django.apps import AppConfig


class MarkingConfig(AppConfig):
    name = "assay.marking"
    label = "marking"
    verbose_name = "技能考核"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class ExamConfig(AppConfig):
    name = "assay.exam"
    label = "exam"
    verbose_name = "理论考试"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "assay.centre"
    label = "centre"
    verbose_name = "认定中心"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assay.centre import open_sessions  # noqa: F401 - listens to who signs in and out

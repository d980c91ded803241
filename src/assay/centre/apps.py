from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "assay.centre"
    label = "centre"
    verbose_name = "认定中心"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assay.centre import (  # noqa: F401 - listen to who signs in; declare their acts
            open_sessions,
            record_anew,
            second_factor,
        )

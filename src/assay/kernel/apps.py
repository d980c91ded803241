from datetime import datetime

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

from assay.kernel import clock
from assay.kernel.postgresql_arrays import quick_arrays


class KernelConfig(AppConfig):
    name = "assay.kernel"
    label = "kernel"
    verbose_name = "内核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        connection_created.connect(quick_arrays)
        autodiscover_modules("acts", "gates", "contributions", "separations")
        if settings.REHEARSAL_CLOCK:
            clock.begin_at(datetime.fromisoformat(settings.REHEARSAL_CLOCK))

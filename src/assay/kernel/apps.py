from datetime import datetime
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

from assay.kernel import clock
from assay.kernel.postgresql_arrays import quick_arrays


def load_acts() -> None:
    """Every module of every room in which acts may stand: `acts.py`, or each story of a package `acts`, at whatever depth."""
    for room in apps.get_app_configs():
        if room.name.startswith("assay."):
            for file in sorted(Path(room.path).rglob("*.py")):
                inside = file.relative_to(room.path).with_suffix("").parts
                if "acts" in inside:
                    import_module(".".join((room.name, *(part for part in inside if part != "__init__"))))


class KernelConfig(AppConfig):
    name = "assay.kernel"
    label = "kernel"
    verbose_name = "内核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        connection_created.connect(quick_arrays)
        load_acts()
        autodiscover_modules("parameters", "gates", "contributions", "volume", "correspondence", "separations")
        if settings.REHEARSAL_CLOCK:
            clock.begin_at(datetime.fromisoformat(settings.REHEARSAL_CLOCK))

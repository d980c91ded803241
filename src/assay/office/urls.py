"""The whole map of addresses: each room has its own prefix; staff pages live under their room's name."""

from django.urls import include, path

from assay.office.settings import PACKAGE, ROOMS

handler400 = "assay.office.requests.unreadable"
_ROOTS = {"desk", "portal", "kernel", "setup"}

urlpatterns = [
    *[path("", include(f"assay.{room}.urls")) for room in sorted(_ROOTS) if (PACKAGE / room / "urls.py").exists()],
    *[path(f"{room}/", include(f"assay.{room}.urls")) for room in ROOMS if room not in _ROOTS and (PACKAGE / room / "urls.py").exists()],
]  # fmt: skip

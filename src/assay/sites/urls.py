from assay.sites.editors import faults, rooms

app_name = "sites"
urlpatterns = [*rooms.urls(), *faults.urls()]

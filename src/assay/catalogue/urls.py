from assay.catalogue.editors import ALL

app_name = "catalogue"
urlpatterns = [url for editor in ALL for url in editor.urls()]

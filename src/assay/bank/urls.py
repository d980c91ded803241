from django.urls import path

from assay.bank import item_views, paper_views, views

app_name = "bank"
urlpatterns = [
    path("", views.specifications, name="specifications"),
    path("add/", views.create, name="create"),
    path("example.xlsx", views.example, name="specification_example"),
    path("<int:pk>/", views.specification, name="specification"),
    path("<int:pk>/update/", views.update, name="update"),
    path("<int:pk>/table.xlsx", views.table, name="specification_table"),
    path("<int:pk>/items/", item_views.items, name="items"),
    path("<int:pk>/items/add/", item_views.add, name="item_add"),
    path("<int:pk>/import/", item_views.upload, name="import"),
    path("<int:pk>/template.xlsx", item_views.template, name="items_template"),
    path("items/<int:pk>/", item_views.item, name="item"),
    path("items/<int:pk>/state/", item_views.set_state, name="item_state"),
    path("papers/", paper_views.papers, name="papers"),
    path("papers/assemble/", paper_views.assemble, name="assemble"),
    path("papers/<int:pk>/", paper_views.paper, name="paper"),
    path("papers/<int:pk>/seal/", paper_views.seal, name="seal"),
]

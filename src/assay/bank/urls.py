from django.urls import path

from assay.bank.exchange import views as import_views
from assay.bank.papers import views as paper_views
from assay.bank.specifications import views
from assay.bank.writing import case_views, enemy_views
from assay.bank.writing import views as item_views

app_name = "bank"
urlpatterns = [
    path("", views.specifications, name="specifications"),
    path("add/", views.create, name="create"),
    path("example.xlsx", views.example, name="specification_example"),
    path("example-national.xlsx", views.example_national, name="specification_example_national"),
    path("<int:pk>/", views.specification, name="specification"),
    path("<int:pk>/update/", views.update, name="update"),
    path("<int:pk>/table.xlsx", views.table, name="specification_table"),
    path("<int:pk>/table-national.xlsx", views.table_national, name="specification_table_national"),
    path("<int:pk>/items/", item_views.items, name="items"),
    path("<int:pk>/items/add/", item_views.add, name="item_add"),
    path("<int:pk>/items/add-case/", case_views.add, name="case_add"),
    path("<int:pk>/items/case-part/", case_views.part, name="case_part"),
    path("<int:pk>/items/case-preview/", case_views.preview, name="case_preview"),
    path("<int:pk>/items/preview/", item_views.preview, name="item_preview"),
    path("<int:pk>/items/act/", item_views.act_on_many, name="items_act"),
    path("<int:pk>/enemies/", enemy_views.enemies, name="enemies"),
    path("<int:pk>/enemies/act/", enemy_views.act_on_proposed, name="enemies_act"),
    path("enemies/<int:pk>/remove/", item_views.remove_enemies, name="enemies_remove"),
    path("<int:pk>/import/", import_views.upload, name="import"),
    path("<int:pk>/import/<str:token>/", import_views.preview, name="import_preview"),
    path("<int:pk>/export/", import_views.download, name="export"),
    path("<int:pk>/template.xlsx", import_views.template, name="items_template"),
    path("items/<int:pk>/", item_views.item, name="item"),
    path("items/<int:pk>/edit/", item_views.edit, name="item_edit"),
    path("items/<int:pk>/act/", item_views.act_on, name="item_act"),
    path("pictures/<str:digest>/", item_views.picture, name="picture"),
    path("secrecy/", item_views.secrecy, name="secrecy"),
    path("papers/", paper_views.papers, name="papers"),
    path("papers/assemble/", paper_views.assemble, name="assemble"),
    path("papers/notice/", paper_views.notice, name="notice"),
    path("papers/<int:pk>/", paper_views.paper, name="paper"),
    path("papers/<int:pk>/print/", paper_views.printed, name="paper_print"),
    path("papers/<int:pk>/copies/", paper_views.copies, name="paper_copies"),
    path("copies/<int:pk>/back/", paper_views.copies_back, name="copies_back"),
    path("papers/<int:pk>/leak/", paper_views.leak, name="paper_leak"),
    path("papers/<int:pk>/swap/", paper_views.swap, name="paper_swap"),
    path("papers/<int:pk>/seal/", paper_views.seal, name="seal"),
]

from django.urls import path

from assay.arrangement import printing_views, views

app_name = "arrangement"
urlpatterns = [
    path("<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/arrange/", views.arrange, name="arrange"),
    path("<int:pk>/tickets/", views.tickets, name="tickets"),
    path("<int:pk>/tickets/issue/", views.issue, name="issue"),
    path("<int:pk>/tickets.pdf", printing_views.tickets, name="tickets_pdf"),
    path("<int:pk>/<slug:paper>.pdf", printing_views.all_room_papers, name="all_room_papers"),
    path("rooms/<int:pk>/", views.room_page, name="room"),
    path("rooms/<int:pk>/<slug:paper>.pdf", printing_views.room_paper, name="room_paper"),
    path("seatings/<int:pk>/move/", views.move, name="move"),
    path("assignments/<int:pk>/replace/", views.replace, name="replace"),
    path("assignments/<int:pk>/release/", views.release, name="release"),
    path("assignments/<int:pk>/lead/", views.lead, name="lead"),
    path("rooms/<int:pk>/people/", views.add, name="add"),
    path("my-ticket/<int:pk>.pdf", printing_views.my_ticket, name="my_ticket"),
]

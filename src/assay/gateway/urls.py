from django.urls import path

from assay.gateway import views

app_name = "gateway"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("deliver/", views.deliver, name="deliver"),
    path("<int:pk>/send-again/", views.send_again, name="send_again"),
]

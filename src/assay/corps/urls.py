from assay.corps.editors import cards, members

app_name = "corps"
urlpatterns = [*members.urls(), *cards.urls()]

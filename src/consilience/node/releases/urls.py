"""Pages of releases; they stand under a language."""

from django.urls import path

from consilience.node.releases import views

urlpatterns = [
    path("", views.front, name="front"),
    path("about/", views.about, name="about"),
    path("releases/", views.releases, name="releases"),
    path("releases/<code:release_id>/", views.release, name="release"),
    path("releases/<code:release_id>/method/", views.method, name="method"),
    path("releases/<code:release_id>/quality/", views.quality, name="quality"),
    path("releases/<code:release_id>/indicators/<code:code>/", views.indicator, name="indicator"),
    path("releases/<code:release_id>/indicators/<code:code>/embed", views.embed, name="embed"),
    path("releases/<code:release_id>/areas/<code:code>/", views.area, name="area"),
]

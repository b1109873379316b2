from django.urls import path

from . import staff_views, views

app_name = "accounts"
#: the page of today reads every app above this one, so xinyu/urls.py adds it to this namespace
urlpatterns = [
    path("posts/", views.post_list, name="post-list"),
    path("posts/grant/", views.post_grant, name="post-grant"),
    path("posts/<int:post_id>/approve/", views.post_approve, name="post-approve"),
    path("posts/<int:post_id>/revoke/", views.post_revoke, name="post-revoke"),
    path("staff/", staff_views.staff_list, name="staff-list"),
    path("staff/<int:user_id>/password/", staff_views.staff_reset, name="staff-reset"),
    path("staff/<int:user_id>/active/", staff_views.staff_toggle, name="staff-toggle"),
    path("staff/new/", views.staff_create, name="staff-create"),
]

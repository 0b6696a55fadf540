from django.urls import path

from accounts import look, views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.Forgot.as_view(), name="password-reset"),
    path("password/sent/", views.LinkSent.as_view(), name="password-sent"),
    path("password/<uidb64>/<token>/", views.ChoosePassword.as_view(), name="password-choose"),
    path("language/", views.choose_language, name="language"),
    path("account/", views.account, name="account"),
    path("settings/look/", look.look, name="look"),
]

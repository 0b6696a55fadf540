"""Addresses of sign-in and account. Names with an underscore are those allauth looks for; none of its own
addresses or pages is here."""

from django.urls import path

from accounts import look, views
from accounts.school import settings as school_settings
from accounts.school import views as school
from accounts.security import views as security
from accounts.signin import views as signin

urlpatterns = [
    path("sign-in/", signin.SignIn.as_view(), name="sign-in"),
    path("sign-in/", signin.SignIn.as_view(), name="account_login"),
    path("sign-in/over/", signin.start_over, name="sign-in-over"),
    path("sign-in/code/", signin.AskForCode.as_view(), name="account_request_login_code"),
    path("sign-in/code/enter/", signin.EnterCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/second/", signin.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", signin.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/school/", school.go, name="school-go"),
    path("sign-in/school/back/", school.back, name="school-back"),
    path("sign-out/", signin.SignOut.as_view(), name="sign-out"),
    path("password/", views.Forgot.as_view(), name="password-reset"),
    path("password/sent/", views.LinkSent.as_view(), name="password-sent"),
    path("password/<uidb64>/<token>/", views.ChoosePassword.as_view(), name="password-choose"),
    path("language/", views.choose_language, name="language"),
    path("theme/", views.choose_theme, name="theme"),
    path("account/", views.account, name="account"),
    path("account/sessions/", security.session_list, name="sessions"),
    path("account/security/", security.security, name="mfa_index"),
    path("account/security/password/", security.change_password, name="password-change"),
    path("account/security/prove/", security.Prove.as_view(), name="account_reauthenticate"),
    path("account/security/prove/app/", security.ProveByApp.as_view(), name="mfa_reauthenticate"),
    path(
        "account/security/prove/passkey/",
        security.ProveByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/security/prove/mail/", security.ProveByMail.as_view(), name="prove-by-mail"),
    path("account/security/app/", security.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/security/app/remove/", security.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/security/passkeys/add/", security.AddPasskey.as_view(), name="passkey-add"),
    path(
        "account/security/passkeys/<int:pk>/remove/", security.RemovePasskey.as_view(), name="passkey-remove"
    ),
    path("account/security/recovery/", security.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/security/recovery/new/", security.NewRecoveryCodes.as_view(), name="recovery-new"),
    path("account/security/recovery/file/", security.DownloadRecoveryCodes.as_view(), name="recovery-file"),
    path("account/security/school/", school.link, name="school-link"),
    path("account/security/school/unlink/", school.unlink, name="school-unlink"),
    path("settings/look/", look.look, name="look"),
    path("settings/sign-in/", school_settings.sign_in_settings, name="sign-in-settings"),
]

"""Ways in: email and password, a code by mail, a passkey; and the second step where one is asked for.

allauth's views and its chain of login stages, with our forms, words and pages (docs/sign-in.md).
"""

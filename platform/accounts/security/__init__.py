"""How one's own account is opened: password, passkeys, codes of an app, recovery codes, sessions.

The account is one person's for all schools, so each change wants a proof that a school cannot give in their
place (views.py: proving), and is told to them by mail.
"""

"""Guests: people without an account, who come into one class by a link.

`addresses` makes a link's address and finds the link of one, `doors` says which class it leads to, `passes`
is what a guest's browser shows from then on, `tries` slows guessing down, `actions` makes and revokes links
and lets guests as far as the door of the class. What happens behind it is `live`'s, as for everybody.
"""

"""The live side of a class: who is in it and what happens there, kept in the database.

`actions` change it, `visits` reads it, `rules` decides, `log` numbers what happened and `announce` tells the
sockets, `media` speaks to the media server,
`relays` and `direct` are about ways round it.
"""

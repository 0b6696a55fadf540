"""The classroom socket by what moves it; each file builds on the one above.

times.py      how long it waits for what
page.py       what a socket keeps, and how it speaks to its page
captioning.py captions: read, and passed on
entrance.py   into the class and back to the door
told.py       by the class and the media server
reminded.py   by its own timers
asked.py      by its page

`signaling/consumer.py` puts them together.
"""

"""Recordings after the media server is done with them.

keeping.py    a finished track comes into Django's storage; files go with their rows
sofar.py      a recording that goes on, watched from its beginning
timeline.py   a recording's time as its viewer knows it, without what was not recorded (pure)
jobs.py       heavy work, one after the other (`manage.py runjobs`); running.py has it done by a process
downloads.py  recordings as one file
shelf.py      what a class's page lists of them
library.py    all that one person may watch
bin.py        deleted, and restored within a week
retention.py  what is kept no longer, and the warning before (mails.py)
watching.py   how much of it each student has watched
chapters.py   the teacher's chapters, and where people were lost
captions.py   a WebVTT file for each language; webvtt.py reads them (pure)
playback.py   what the player is told, and links to files for one person and a few minutes
"""

"""A recording's tracks made into one file. Knows no Django: a process of low priority runs it.

job.py         what is to be made, of which tracks (JSON on standard input)
speaking.py    who speaks when (pure)
scenes.py      what is seen where and when (pure)
pictures.py    decoded pictures at any moment, drawn where the scene wants them
sound.py       everybody's sound in one
film.py        MP4: H.264 and AAC, or AAC alone; one H.264 track is copied, not made anew
storyboard.py  small pictures for the time line
speech.py      when somebody speaks in a track
__main__.py    `python -m classrooms.compose`: a job in, lines of progress out
"""

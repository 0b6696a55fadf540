"""Who was in a class, and how long.

`segments` writes what happens, `stays` is what follows from it (pure), `sheet` is one class, `overview` all
classes of a course, `signing` who stands for a sheet.
"""

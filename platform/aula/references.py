"""What a page of refusal says at its end, so that whoever runs Aula finds its line in the log (logs.py)."""

from django.http import HttpRequest

from classrooms.models.ids import support_code


def reference_of(request: HttpRequest) -> str:
    """One for each request, made when it is first asked for, in two halves: K7QF-3MZ9. It means nothing."""
    code = support_code()
    said: str = vars(request).setdefault("reference", f"{code[:4]}-{code[4:]}")
    return said

"""People out of a spreadsheet's file: read, and held against who is at the school. Nothing is saved.

The first line names the columns, in any order; a line is told by its number as an editor shows it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import Membership, Role
from tenants.scope import every_tenant

MOST_BYTES = 1_000_000
MOST_LINES = 2_000
COLUMNS = {
    "name": "name",
    "full name": "name",
    "first name": "first",
    "vorname": "first",
    "last name": "last",
    "surname": "last",
    "nachname": "last",
    "email": "email",
    "e-mail": "email",
    "mail": "email",
    "role": "role",
    "rolle": "role",
    "external_id": "external_id",
    "external id": "external_id",
    "id": "external_id",
}
DELIMITERS = ",;\t"


class Unreadable(ValueError):
    """What is wrong with the file as a whole, for a person."""


@dataclass
class Line:
    """One person as the file has them. `member`: who that is at the school already; `changes`: what of them
    would be another."""

    number: int
    cells: list[str]
    name: str = ""
    email: str = ""
    role: str = ""
    said_role: str = ""
    external_id: str = ""
    problems: list[str] = field(default_factory=list)
    member: Membership | None = None
    changes: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return written([self.cells])

    @property
    def is_new(self) -> bool:
        return self.member is None and not self.problems

    @property
    def is_change(self) -> bool:
        return bool(self.changes) and not self.problems


@dataclass
class Plan:
    """What an import would do."""

    lines: list[Line]

    @property
    def new(self) -> list[Line]:
        return [each for each in self.lines if each.is_new]

    @property
    def changed(self) -> list[Line]:
        return [each for each in self.lines if each.is_change]

    @property
    def bad(self) -> list[Line]:
        return [each for each in self.lines if each.problems]

    @property
    def same(self) -> list[Line]:
        return [each for each in self.lines if each.member and not (each.changes or each.problems)]

    @property
    def good(self) -> int:
        return len(self.new) + len(self.changed)


def decoded(body: bytes) -> str:
    """UTF-8, or what spreadsheets on Windows write. Raises Unreadable."""
    if len(body) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 1 MB. Split it."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def rows_of(text: str) -> list[list[str]]:
    """Lines as cells, empty ones too. Raises Unreadable."""
    if "\0" in text:
        raise Unreadable(_("This is no CSV file. In the spreadsheet choose “Save as”, then CSV (UTF-8)."))
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unreadable(_("A quotation mark is open that nothing closes. Look through the file.")) from None
    if len(rows) > MOST_LINES + 1:
        raise Unreadable(_("The file has more than %(most)d lines. Split it.") % {"most": MOST_LINES})
    return [[cell.strip() for cell in row] for row in rows]


def written(rows: Iterable[Iterable[str]]) -> str:
    """The same rows as one text, with commas."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().rstrip("\n")


def read(rows: list[list[str]]) -> list[Line]:
    """Raises Unreadable."""
    names = [COLUMNS.get(cell.casefold()) for cell in rows[0]] if rows else []
    if "email" not in names or not {"name", "last"} & set(names):
        raise Unreadable(
            _("The first line has to name the columns: name, email and, if you like, role and external_id.")
        )
    lines = [line_of(number, cells, names) for number, cells in enumerate(rows[1:], 2) if any(cells)]
    if not lines:
        raise Unreadable(_("There is nobody in this file. Each person is one line below the first one."))
    return lines


def line_of(number: int, cells: list[str], names: list[str | None]) -> Line:
    found = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    line = Line(number, cells)
    full = " ".join(part for part in (found.get("first", ""), found.get("last", "")) if part)
    line.name, line.email = found.get("name") or full, found.get("email", "").lower()
    line.external_id, said = found.get("external_id", ""), found.get("role", "")
    line.role = role_of(said) if said else ""
    if len(cells) > len(names):
        line.problems.append(_("It has more cells than the first line: is there a comma in a name?"))
    check_email(line)
    if not line.name:
        line.problems.append(_("The name is missing."))
    if len(line.name) > 80 or len(line.external_id) > 100:
        line.problems.append(_("The name (80) or the external id (100) is too long."))
    line.said_role = said
    return line


def role_of(said: str) -> str:
    """By its code or by its word; empty for what is none."""
    words = {value: value for value in Role.values} | {
        str(each.label).casefold(): each.value for each in Role
    }
    return words.get(said.casefold(), "")


def check_email(line: Line) -> None:
    if not line.email:
        line.problems.append(_("The email is missing."))
        return
    try:
        validate_email(line.email)
    except ValidationError:
        line.problems.append(_("“%(email)s” is no email.") % {"email": line.email})


def planned(lines: list[Line], by: Membership) -> Plan:
    """Held against the file itself and the school: three queries, however long it is."""
    emails = Counter(each.email for each in lines if each.email)
    ids = Counter(each.external_id for each in lines if each.external_id)
    people = Membership.objects.select_related("user", "tenant")
    there = {each.user.email.lower(): each for each in people.filter(user__email__in=emails)}
    owners = dict(people.filter(external_id__in=ids).values_list("external_id", "pk"))
    alone = whose_name_is_the_schools(there.values())
    for line in lines:
        line.member = there.get(line.email)
        if emails[line.email] > 1:
            line.problems.append(_("This email is twice in the file."))
        if line.external_id and ids[line.external_id] > 1:
            line.problems.append(_("This external id is twice in the file."))
        elif owners.get(line.external_id, line.member and line.member.pk) != (line.member and line.member.pk):
            line.problems.append(_("Somebody else of the school has this external id."))
        compare(line, alone)
        check_role(line, by)
        check_owners(line, by)
    return Plan(lines)


def compare(line: Line, alone: set[int]) -> None:
    """Empty cells leave a person as they are."""
    member = line.member
    if member is None:
        line.role = line.role or Role.STUDENT
        return
    if line.role and line.role != member.role:
        line.changes["role"] = line.role
    if line.external_id and line.external_id != member.external_id:
        line.changes["external_id"] = line.external_id
    if line.name and line.name != member.user.name and member.pk in alone:
        line.changes["name"] = line.name


def check_role(line: Line, by: Membership) -> None:
    """Told are the roles that whoever imports may give."""
    if not line.said_role or role_of(line.said_role):
        return
    words = (
        _("“%(role)s” is no role. Write student, teacher, admin or owner.")
        if by.role == Role.OWNER
        else _("“%(role)s” is no role. Write student, teacher or admin.")
    )
    line.problems.append(words % {"role": line.said_role})


def check_owners(line: Line, by: Membership) -> None:
    if by.role == Role.OWNER:
        return
    is_owner = line.member is not None and line.member.role == Role.OWNER
    if (line.role == Role.OWNER and not is_owner) or (is_owner and line.changes):
        line.problems.append(_("Owners are added and changed by owners alone."))


def whose_name_is_the_schools(members: Iterable[Membership]) -> set[int]:
    """Of many what accounts.actions.is_schools_alone says of one."""
    asked = [each for each in members if not (each.user.is_staff or each.user.last_login)]
    users = [each.user_id for each in asked]
    with every_tenant():
        own = [each.pk for each in asked]
        others = Membership.objects.filter(user__in=users).exclude(pk__in=own)
        elsewhere = set(others.values_list("user", flat=True))
    return {each.pk for each in asked if each.user_id not in elsewhere}

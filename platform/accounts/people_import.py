"""Import of people: choose a file, check it, done. Between the steps the file is in the page alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import add_person, change_membership, change_person, check_runs, invite
from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership
from accounts.people_csv import MOST_BYTES, Plan, Unreadable, decoded, planned, read, rows_of, written
from accounts.school_site import member, words_of
from tenants.refusals import Refusal

SHOWN = 20  # lines of those that are good
RISKY = "=+-@\t\r"  # a spreadsheet takes what begins so for a formula


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )


@dataclass(frozen=True)
class Done:
    new: int
    changed: int
    left_out: int


@transaction.atomic
def import_people(*, plan: Plan, by: Membership, invites: bool) -> Done:
    """All that is good in the plan, or, where one of them is refused, nothing.

    Raises what adding and changing people raises."""
    check_runs(by)
    for line in plan.new:
        made = add_person(
            by=by, name=line.name, role=line.role, email=line.email, external_id=line.external_id
        )
        if invites:
            invite(member=made, by=by)
    for line in plan.changed:
        if line.member is not None:
            name, external_id = line.changes.get("name"), line.changes.get("external_id")
            change_person(member=line.member, by=by, name=name, external_id=external_id)
            role = line.changes.get("role", line.member.role)
            change_membership(member=line.member, by=by, role=role, is_active=line.member.is_active)
    done = Done(len(plan.new), len(plan.changed), len(plan.bad))
    numbers = {"new": [None, done.new], "changed": [None, done.changed], "left_out": [None, done.left_out]}
    note(deed=Deed.PEOPLE_IMPORTED, by=by, tenant=by.tenant, kind="import", changes=numbers)
    return done


EXAMPLE = """name,email,role
Ada Park,ada@school.org,student
Tom Teacher,tom@school.org,teacher"""


def import_page(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    by = member(request)
    words: dict[str, Any] = {**site.each_context(request), "title": _("Import people"), "form": FileForm()}
    words["example"] = EXAMPLE
    if request.method != "POST":
        return render(request, "admin/school/import.html", words | {"done": done_of(request)})
    try:
        rows = rows_sent(request, words)
        if rows is None:
            return render(request, "admin/school/import.html", words)
        plan = planned(read(rows), by)
    except Unreadable as wrong:
        return render(request, "admin/school/import.html", words | {"wrong": str(wrong)})
    match request.POST.get("do"):
        case "report":
            return report(plan)
        case "import" if plan.good:
            try:
                done = import_people(plan=plan, by=by, invites="invites" in request.POST)
            except Refusal as no:
                words["wrong"] = words_of(no)
            else:
                asked = f"?new={done.new}&changed={done.changed}&left_out={done.left_out}"
                return redirect(reverse("admin:people-import") + asked)
    checked = {
        "plan": plan,
        "text": written(rows),
        "first_new": plan.new[:SHOWN],
        "more_new": max(0, len(plan.new) - SHOWN),
        "invites": "invites" in request.POST or request.POST.get("do") is None,
    }
    return render(request, "admin/school/import.html", words | checked)


def rows_sent(request: HttpRequest, words: dict[str, Any]) -> list[list[str]] | None:
    """The file's rows, with what was mended or skipped on the page. None: no file was chosen."""
    if "text" not in request.POST:
        form = words["form"] = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return None
        return rows_of(decoded(form.cleaned_data["file"].read(MOST_BYTES + 1)))
    rows = rows_of(request.POST["text"])
    for index in range(1, len(rows)):
        number = index + 1
        if f"skip-{number}" in request.POST:
            rows[index] = []
        elif (mended := request.POST.get(f"line-{number}")) is not None:
            rows[index] = next(iter(rows_of(mended)), [])
    return rows


def done_of(request: HttpRequest) -> Done | None:
    try:
        return Done(*(int(request.GET[name]) for name in ("new", "changed", "left_out")))
    except (KeyError, ValueError):
        return None


def report(plan: Plan) -> HttpResponse:
    """Every line with a problem, as a file."""
    head = [_("line"), _("problem"), _("what stands there")]
    rows = [[str(each.number), " ".join(each.problems), each.text] for each in plan.bad]
    tame = [["'" + cell if cell[:1] in RISKY and cell else cell for cell in row] for row in rows]
    answer = HttpResponse("\ufeff" + written([head, *tame]) + "\n", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="import-problems.csv"'
    return answer

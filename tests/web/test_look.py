"""A school's colour and logo: who may change them, what pages then say, and what strangers get."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tenants.models import Tenant
from tenants.scope import every_tenant
from tests.conftest import Person
from tests.web.kept import stored, use_folder

PAGE = "/settings/look/"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 30"><script>alert(1)</script>'
    '<rect width="30" height="30"/></svg>'
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    use_folder(settings, tmp_path)
    return tmp_path


def svg(width: int = 120) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.svg", SVG.format(width).encode(), "image/svg+xml")


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 30)).save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def save(person: Person, accent: str = "#0f6a73", **files):
    return person.post(PAGE, {"accent": accent} | files)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def find(pattern: str, answer) -> str:
    found = re.search(pattern, answer.content.decode())
    assert found, pattern
    return found[1]


def fresh(tenant: Tenant) -> Tenant:
    return Tenant.objects.get(pk=tenant.pk)


SHEET = r'rel="stylesheet" href="(/look/theme-\w+\.css)"'
LOGO = r'class="brand__logo[^"]*" src="(/look/logo-\w+\.\w+)"'


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#FFD400", "#ffd400"), (" ffd400 ", "#ffd400"), ("#fd4", "#ffdd44"), ("#0F6A73", "")],
)
def test_the_school_gets_its_colour(admin, tenant, typed, kept):
    assert save(admin, typed).status_code == 302
    assert fresh(tenant).accent == kept
    assert "Saved." in text(admin.get(PAGE))


@pytest.mark.parametrize("typed", ["", "yellow", "#ffd40", "#ffd400;}*{color:red", "#gggggg"])
def test_what_is_no_colour_is_said_so(admin, tenant, typed):
    answer = save(admin, typed)
    assert answer.status_code == 200
    assert "Enter a colour" in text(answer)
    assert fresh(tenant).accent == ""


def test_pages_carry_the_sheet_and_browsers_keep_it(admin, student, tenant):
    assert "/look/theme-" not in student.get("/").content.decode()
    save(admin, "#ffd400")
    address = find(SHEET, student.get("/"))
    answer = student.get(address)
    assert answer.content.decode().startswith(
        "@layer tokens { :root { --accent: light-dark(#7a6600, #ffd400);"
    )
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in answer.get("Vary", "")
    save(admin, "#0b2a5b")
    assert find(SHEET, student.get("/")) != address
    answer = student.get(address)  # a page from before gets today's, and does not keep it
    assert "#0b2a5b" in answer.content.decode()
    assert answer["Cache-Control"] == "no-cache"


def test_the_sheet_follows_the_tokens_without_a_script_or_inline_style(admin, student):
    save(admin, "#ffd400")
    page = student.get("/").content.decode()
    assert page.index("css/tokens.css") < page.index("/look/theme-") < page.index("css/base.css")
    assert "style=" not in page
    assert "style-src 'self'" in student.get("/")["Content-Security-Policy"]


def test_sign_in_room_and_error_pages_have_it_too(admin, teacher, session, tenant):
    save(admin, "#ffd400", logo=svg())
    sheet, logo = find(SHEET, teacher.get("/")), find(LOGO, teacher.get("/"))
    room = teacher.get(f"/c/{session.public_id}/room/")
    assert f'"logo": {{"src": "{logo}", "width": 120, "height": 30, "dark": null}}' in room.content.decode()
    teacher.browser.logout()
    for answer in (room, teacher.get("/sign-in/"), teacher.get("/nowhere/")):
        assert (find(SHEET, answer), find(LOGO, answer)) == (sheet, logo)


def test_a_colour_is_shown_in_both_themes_before_it_is_saved(admin, tenant):
    page = text(admin.get(PAGE + "?accent=ffd400"))
    assert "/look/try-ffd400.css" in page
    assert "<code>#7a6600</code>" in page
    assert "Darkened so that text stays readable." in page
    assert "<code>#ffd400</code>" in page
    assert "As chosen: text is readable." in page
    answer = admin.get("/look/try-ffd400.css")
    assert answer.content.decode().startswith(
        "@layer tokens { .tried { --accent: light-dark(#7a6600, #ffd400);"
    )
    page = text(admin.post(PAGE, {"accent": "#0b2a5b", "do": "show"}))
    assert "Lightened so that text stays readable." in page
    assert fresh(tenant).accent == ""
    assert 'try-0f6a73.css"' in text(admin.get(PAGE + '?accent=";}'))


def test_aulas_own_colour_is_said_to_be_lightened_on_dark(admin):
    page = text(admin.get(PAGE + "?accent=0f6a73"))
    assert page.count("As chosen: text is readable.") == 1
    assert '<code>#63c2c9</code><br><span class="quiet">Lightened so that text stays readable.' in page


def test_back_to_aulas_colours(admin, tenant):
    assert "Back to Aula&#x27;s colours" not in text(admin.get(PAGE))
    save(admin, "#ffd400", logo=svg())
    assert "Back to Aula's colours" in text(admin.get(PAGE))
    admin.post(PAGE, {"do": "reset", "accent": "#123456"})
    assert fresh(tenant).accent == ""
    assert fresh(tenant).logo
    assert "/look/theme-" not in admin.get("/").content.decode()


def test_a_logo_is_cleaned_kept_shown_and_may_do_nothing(admin, student, folder):
    assert save(admin, logo=svg()).status_code == 302
    address = find(LOGO, student.get("/"))
    assert [name.rpartition("/")[0] for name in stored(folder)] == ["demo/look"]
    answer = student.get(address)
    assert b"script" not in answer.content
    assert b"<rect" in answer.content
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_wide_logo_stands_for_the_name_a_square_one_beside_it_and_on_the_tab(admin, student, tenant):
    save(admin, logo=svg(120))
    page = student.get("/").content.decode()
    assert 'width="120" height="30" alt="Northfield College"' in page
    assert "<bdi>Northfield College</bdi>" not in page
    assert 'rel="icon" href="/look/icon-' in page
    save(admin, logo=png())
    page = student.get("/").content.decode()
    assert 'width="30" height="30" alt=""' in page
    assert "<bdi>Northfield College</bdi>" in page
    assert 'rel="icon" href="/look/logo-' in page


def test_without_a_logo_the_initial_stands_in_the_schools_colour(admin, student):
    save(admin, "#ffd400")
    page = student.get("/")
    assert '<span class="brand__mark" aria-hidden="true">N</span>' in page.content.decode()
    icon = student.get(find(r'rel="icon" href="(/look/icon-\w+\.svg)"', page))
    assert icon["Content-Type"] == "image/svg+xml"
    assert b'fill="#7a6600"' in icon.content
    assert b">N</text>" in icon.content


def test_one_for_dark_pages(admin, student, tenant, folder):
    assert "Choose a logo for light pages too." in text(save(admin, logo_dark=svg()))
    assert stored(folder) == []
    save(admin, logo=svg(), logo_dark=svg(60))
    page = student.get("/").content.decode()
    dark = re.search(
        r'media="\(prefers-color-scheme: dark\)" srcset="(/look/logo-\w+\.svg)" width="60"', page
    )
    assert dark
    assert "brand__logo--alone" not in page
    assert student.get(dark[1]).status_code == 200
    for theme, shown in (("dark", "all"), ("light", "not all")):
        student.post("/theme/", {"theme": theme})
        assert f'media="{shown}" srcset="{dark[1]}"' in student.get("/").content.decode()
    admin.post(PAGE, {"do": "remove-logo-dark"})
    assert "brand__logo--alone" in student.get("/").content.decode()
    assert student.get(dark[1]).status_code == 404


def test_what_is_replaced_or_removed_leaves_no_file(
    admin, student, tenant, folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        save(admin, logo=svg(), logo_dark=svg())
    first = find(LOGO, student.get("/"))
    with django_capture_on_commit_callbacks(execute=True):
        save(admin, logo=png())
    assert student.get(first).status_code == 404
    assert sorted(name.rpartition(".")[2] for name in stored(folder)) == ["png", "svg"]
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(PAGE, {"do": "remove-logo"})
    assert stored(folder) == []
    assert (fresh(tenant).logo.name, fresh(tenant).logo_dark.name) == ("", "")
    assert "brand__mark" in student.get("/").content.decode()


def test_a_school_that_goes_takes_its_logo_along(admin, tenant, folder, django_capture_on_commit_callbacks):
    save(admin, logo=svg(), logo_dark=svg())
    assert len(stored(folder)) == 2
    with every_tenant(), django_capture_on_commit_callbacks(execute=True):
        fresh(tenant).delete()
    assert stored(folder) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"GIF89a", "Choose an SVG or a PNG file."),
        (b"<svg/>", "This is no SVG."),
        (b"\x89PNG\r\n\x1a\n", "This PNG is broken."),
        (b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_logo_changes_nothing(admin, tenant, folder, body, words):
    answer = save(admin, "#ffd400", logo=SimpleUploadedFile("logo.svg", body, "image/svg+xml"))
    assert words in text(answer)
    assert (fresh(tenant).accent, stored(folder)) == ("", [])


def test_owners_and_admins_alone(admin, teacher, student, outsider, tenant):
    for person in (teacher, student):
        assert person.get(PAGE).status_code == 403
        for form in ({"accent": "#ffd400"}, {"do": "reset"}, {"do": "remove-logo"}):
            assert person.post(PAGE, form).status_code == 403
        assert PAGE not in person.get("/").content.decode()
    assert f'href="{PAGE}"' in admin.get("/").content.decode()
    assert fresh(tenant).accent == ""


def test_another_school_has_its_own(admin, outsider, person, tenant, other_tenant):
    save(admin, "#ffd400", logo=svg())
    theirs = person(other_tenant, "owner", "Olga Other")
    page = outsider.get("/").content.decode()
    assert "/look/theme-" not in page
    assert "/look/logo-" not in page
    logo, sheet = find(LOGO, admin.get("/")), find(SHEET, admin.get("/"))
    assert outsider.get(logo).status_code == 404
    assert "#ffd400" not in outsider.get(sheet).content.decode()
    assert save(theirs, "#0b2a5b").status_code == 302
    theirs.post(PAGE, {"do": "remove-logo"})
    assert fresh(tenant).accent == "#ffd400"
    assert fresh(tenant).logo
    assert fresh(other_tenant).accent == "#0b2a5b"


@pytest.mark.parametrize(
    "path",
    [
        "/look/logo-" + "0" * 32 + ".svg",
        "/look/logo-../../x.svg",
        "/look/try-ffd40g.css",
        "/look/try-ffd400ff.css",
        "/look/theme-123456.svg",
        "/look/",
    ],
)
def test_other_files_are_not_there(student, path):
    assert student.get(path).status_code == 404


def test_the_base_domain_has_no_look(client, db):
    assert client.get("/look/try-ffd400.css", HTTP_HOST="localhost").status_code == 404
    page = client.get("/", HTTP_HOST="localhost").content.decode()
    assert "favicon.svg" in page


def test_a_lost_file_is_not_there(admin, student, folder):
    save(admin, logo=svg())
    for name in stored(folder):
        (folder / name).unlink()
    assert student.get(find(LOGO, student.get("/"))).status_code == 404
    assert student.get("/").status_code == 200

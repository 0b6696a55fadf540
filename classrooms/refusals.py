"""The expected "no"s of courses, their calendar, and the check before class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tenants.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date

    from classrooms.models import ClassSession


class NotTheTeacher(Refusal):
    code = "not_the_teacher"
    title = gettext_lazy("Only teachers can do that")
    text = gettext_lazy("Classes and people of a course are changed by its teachers and by the school.")
    mend = gettext_lazy("Ask a teacher of this course.")


class NoTeacherHere(Refusal):
    code = "no_teacher"
    status = 409
    title = gettext_lazy("Somebody else has to teach")
    text = gettext_lazy("The person chosen does not teach at this school.")
    mend = gettext_lazy("Choose another teacher.")


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    title = gettext_lazy("The file is too large")
    mend = gettext_lazy("Make it smaller, or send it to one person directly: that has no limit.")

    def __init__(self, most: int) -> None:
        self.text = _("A file for the class may have at most %(size)s MB.") % {"size": most // 1_000_000}
        super().__init__()


class FileRefused(Refusal):
    code = "file_refused"
    status = 415
    title = gettext_lazy("Files of this kind are not taken")
    text = gettext_lazy("Programs are not taken as class materials.")
    mend = gettext_lazy("Put it into a zip file if the class really needs it.")


class StorageAway(Refusal, OSError):
    """`reason` is for those who run Aula. An OSError: whoever reads and writes files expects that one."""

    code = "storage_away"
    status = 503
    title = gettext_lazy("Files cannot be reached")
    text = gettext_lazy("The place where files are kept does not answer just now.")
    mend = gettext_lazy("Try again in a minute.")

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return self.reason


class StorageRefused(StorageAway):
    """It answers, and does not let us: a key, a bucket, a clock is wrong."""


class TooManyFiles(Refusal):
    code = "too_many_files"
    status = 409
    title = gettext_lazy("Too many files")
    text = gettext_lazy("This class has 200 files already.")
    mend = gettext_lazy("Remove some that are no longer needed.")


class StorageFull(Refusal):
    code = "storage_full"
    status = 409
    title = gettext_lazy("The school's storage is full")
    text = gettext_lazy("The school's storage is full.")
    mend = gettext_lazy(
        "Delete recordings or files that are no longer needed, or ask the school for more room. Deleted"
        " recordings count for a week."
    )


class NoFile(Refusal):
    code = "no_file"
    status = 400
    title = gettext_lazy("There is no file")
    text = gettext_lazy("The request holds no file.")
    mend = gettext_lazy('Send it as multipart/form-data, in a field "file".')


class NotYourFile(Refusal):
    code = "not_your_file"
    title = gettext_lazy("You cannot remove this file")
    text = gettext_lazy("A file is removed by whoever added it, or by the teacher.")
    mend = gettext_lazy("Ask the teacher of the class.")


class NoDownloads(Refusal):
    code = "no_downloads"
    title = gettext_lazy("Only teachers download recordings")
    text = gettext_lazy("At this school recordings are downloaded by teachers alone.")
    mend = gettext_lazy("Watch it here, or ask your teacher for the file.")


class NotYourDownload(Refusal):
    code = "not_your_download"
    title = gettext_lazy("Somebody else asked for this file")
    text = gettext_lazy("Somebody else asked for this file.")
    mend = gettext_lazy("They can delete it, and so can the teacher.")


class NotRecordedYet(Refusal):
    code = "not_recorded_yet"
    status = 409
    title = gettext_lazy("The recording is not finished")
    text = gettext_lazy("The last seconds of this recording are still being stored.")
    mend = gettext_lazy("Try again in a moment.")


class NotYourRecording(Refusal):
    code = "not_your_recording"
    title = gettext_lazy("Only teachers can do that")
    text = gettext_lazy("Recordings are deleted, restored and looked after by the teachers of their class.")
    mend = gettext_lazy("Ask the teacher of the class.")


class NotYourAttendance(Refusal):
    code = "not_your_attendance"
    title = gettext_lazy("Only teachers see who was there")
    text = gettext_lazy("The attendance of a class is read by who leads it.")
    mend = gettext_lazy("Your own is on the page of the class.")


class ClassNotOver(Refusal):
    code = "not_over"
    status = 409
    title = gettext_lazy("The class is not over")
    text = gettext_lazy("Attendance is signed off when the class is over.")
    mend = gettext_lazy("End the class first.")


class NotYourPolls(Refusal):
    code = "not_your_polls"
    title = gettext_lazy("Only teachers see the results of polls")
    text = gettext_lazy("The polls of a class are read by who leads it.")
    mend = gettext_lazy("What you answered by name is on the page of the class.")


class RecordingRuns(Refusal):
    code = "recording_runs"
    status = 409
    title = gettext_lazy("It is still recording")
    text = gettext_lazy("A recording that is on cannot be deleted.")
    mend = gettext_lazy("Stop it in the class first.")


class CaptionsTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    title = gettext_lazy("The file is too large")
    text = gettext_lazy("Captions may have at most 1 MB.")
    mend = gettext_lazy("Choose a WebVTT file: it holds nothing but words and times.")


class CaptionsRefused(Refusal):
    code = "captions_refused"
    status = 422
    title = gettext_lazy("These captions cannot be shown")
    mend = gettext_lazy("Mend the file and choose it again.")

    def __init__(self, line: int, why: str) -> None:
        self.text = _("Line %(line)s: %(why)s") % {"line": line, "why": why}
        super().__init__()


class UnknownLanguage(Refusal):
    code = "unknown_language"
    status = 400
    text = gettext_lazy("This language is not on the list.")
    mend = gettext_lazy("Choose one from the list.")


class NoTitle(Refusal):
    code = "no_title"
    status = 400
    text = gettext_lazy("A chapter needs a title.")
    mend = gettext_lazy("Write a few words.")


class TitleTooLong(Refusal):
    code = "title_too_long"
    status = 400
    text = gettext_lazy("A title may have at most 80 characters.")
    mend = gettext_lazy("Make it shorter.")


class TimePassed(Refusal):
    code = "time_passed"
    status = 409
    title = gettext_lazy("That time has passed")
    text = gettext_lazy("That time has passed.")
    mend = gettext_lazy("Choose a later one.")


class TimeTaken(Refusal):
    code = "time_taken"
    status = 409
    title = gettext_lazy("That time is taken")

    def __init__(self, other: ClassSession) -> None:
        self.others = [other]
        self.text = _("That time clashes with %(title)s, %(start)s–%(end)s.") % {
            "title": other.title,
            "start": date_format(timezone.localtime(other.starts_at), "H:i"),
            "end": date_format(timezone.localtime(other.ends_at), "H:i"),
        }
        self.mend = _("Choose another time, or schedule anyway.")
        super().__init__()


class SeriesTaken(Refusal):
    """`clashes`: each day of the series on which something is, with what it is; `n`: how many days it has."""

    code = "series_taken"
    status = 409
    title = gettext_lazy("Some of these times are taken")

    def __init__(self, clashes: list[tuple[date, ClassSession]], n: int) -> None:
        self.clashes = clashes
        self.others = [other for _day, other in clashes]
        self.text = ngettext(
            "%(taken)d of %(n)d class clashes with what is on the calendar.",
            "%(taken)d of %(n)d classes clash with what is on the calendar.",
            n,
        ) % {"taken": len(clashes), "n": n}
        self.mend = _("Choose another time, or schedule anyway.")
        super().__init__()


class SeriesTooLong(Refusal):
    code = "series_too_long"
    status = 409
    title = gettext_lazy("That is too long a series")
    mend = gettext_lazy("Let it end earlier, and schedule the rest later.")

    def __init__(self, most: int) -> None:
        self.text = _("A series may have at most %(most)d classes.") % {"most": most}
        super().__init__()


class NoSuchDays(Refusal):
    code = "no_such_days"
    status = 409
    title = gettext_lazy("There is no class in that series")
    text = gettext_lazy("It ends before its first class.")
    mend = gettext_lazy("Let it end later, or choose another weekday.")


class AllSkipped(Refusal):
    code = "all_skipped"
    status = 409
    title = gettext_lazy("There is no class in that series")
    text = gettext_lazy("All its classes are on days off, and skipped.")
    mend = gettext_lazy("Keep one of them at least.")


class AlreadyStarted(Refusal):
    code = "already_started"
    status = 409
    title = gettext_lazy("This class has started")
    text = gettext_lazy("A class that is on or over cannot be moved or cancelled.")
    mend = gettext_lazy("End it from inside, or schedule another one.")


class LastTeacher(Refusal):
    code = "last_teacher"
    status = 409
    title = gettext_lazy("A course needs a teacher")
    text = gettext_lazy("You are the only teacher of this course.")
    mend = gettext_lazy("Add another teacher before you leave it.")


class MalformedReport(Refusal):
    code = "malformed"
    status = 400
    text = gettext_lazy("The server does not understand this report.")
    mend = gettext_lazy("Load the page again to get its newest version.")


class TooOften(Refusal):
    code = "too_often"
    status = 429
    title = gettext_lazy("That is too often")
    text = gettext_lazy("This page has said very often within a minute what was watched.")
    mend = gettext_lazy("Wait a minute.")


class TooManyReports(Refusal):
    code = "too_many_reports"
    status = 429
    title = gettext_lazy("Too many checks")
    text = gettext_lazy("You have checked very often within the last hour.")
    mend = gettext_lazy("Wait an hour, or ask the school for help.")


class NotYourClass(Refusal):
    code = "not_the_teacher"
    title = gettext_lazy("Only teachers can do that")
    text = gettext_lazy("People are reminded by those who lead the class.")
    mend = gettext_lazy("Ask a teacher of this class.")


class ClassBegun(Refusal):
    code = "begun"
    status = 409
    title = gettext_lazy("The class has begun")
    text = gettext_lazy("Nobody can be reminded any more to check before it.")
    mend = gettext_lazy("Go back to the class.")


class RemindedAlready(Refusal):
    code = "reminded_already"
    status = 429
    title = gettext_lazy("They were reminded already")
    text = gettext_lazy("Those who have not checked were reminded within the last day.")
    mend = gettext_lazy("Remind them again tomorrow.")


class ClassOver(Refusal):
    code = "ended"
    status = 410
    title = gettext_lazy("Class is over")
    text = gettext_lazy("Nobody can be invited to a class that is over.")
    mend = gettext_lazy("Go back to the course for the next one.")

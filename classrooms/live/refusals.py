"""The expected "no"s of a live class."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal


class NotOpen(Refusal):
    code = "not_open"
    status = 409
    title = _("This class is not open yet")
    mend = _("Keep the page open; you are let in as soon as it opens.")

    def __init__(self, opens_at: datetime, zone: ZoneInfo) -> None:
        self.retry_at = opens_at
        self.text = gettext("This class opens at %(time)s.") % {"time": f"{opens_at.astimezone(zone):%H:%M}"}
        super().__init__()


class NotStarted(Refusal):
    code = "not_started"
    status = 409
    title = _("This class has not started yet")
    text = _("The teacher has not started this class yet.")
    mend = _("Keep the page open; you are let in as soon as it starts.")


class ClassFull(Refusal):
    """`most`: people of the whole school that may be in its classes at once."""

    code = "class_full"
    status = 409
    title = _("This class is full")
    mend = _("Keep the page open; you are let in as soon as somebody leaves.")

    def __init__(self, most: int, retry_at: datetime) -> None:
        self.retry_at = retry_at
        self.text = gettext("All %(most)d places of the school are taken.") % {"most": most}
        super().__init__()


class TooManyClasses(Refusal):
    code = "too_many_classes"
    status = 409
    title = _("This class cannot start yet")
    mend = _("Keep the page open; it starts as soon as another class is over.")

    def __init__(self, most: int, retry_at: datetime) -> None:
        self.retry_at = retry_at
        self.text = ngettext(
            "The school may have %(most)d class at once, and that many are on.",
            "The school may have %(most)d classes at once, and that many are on.",
            most,
        ) % {"most": most}
        super().__init__()


class Ended(Refusal):
    code = "ended"
    status = 410
    title = _("Class is over")
    text = _("This class is over.")
    mend = _("Go back to the course for the next one.")


class NotHere(Refusal):
    code = "not_here"
    status = 409
    title = _("You are not in the class")
    text = _("You are not in the class.")
    mend = _("Join the class first.")


class NotAllowed(Refusal):
    code = "not_allowed"
    text = _("Only the teacher can do that.")


class StudentsOnly(Refusal):
    code = "not_allowed"
    text = _("Only students can do that.")


class NotRecorded(Refusal):
    code = "not_recorded"
    status = 409
    title = _("Nothing is recorded")
    text = _("Nothing is recorded just now.")
    mend = _("It works while the class is recorded.")


class TooManyChapters(Refusal):
    code = "too_many_chapters"
    status = 409
    title = _("Too many chapters")
    text = _("This recording has 200 chapters already.")
    mend = _("Remove some that are no longer needed.")


class TooSoon(Refusal):
    code = "too_fast"
    status = 429
    text = _("The teacher has been told a moment ago.")
    mend = _("It can be said again after ten seconds.")

    def __init__(self, retry_at: datetime) -> None:
        self.retry_at = retry_at
        super().__init__()


class UnknownParticipant(Refusal):
    code = "unknown_participant"
    status = 404
    text = _("That person is not in the class.")


class NoPrivateChat(Refusal):
    code = "no_private_chat"
    text = _("Your school does not let students write to each other privately.")
    mend = _("Write to everyone, or to the teacher.")


class UnknownMessage(Refusal):
    code = "unknown_message"
    status = 404
    text = _("That message is not there any more.")


class NotYourMessage(Refusal):
    code = "not_your_message"
    text = _("That message is not yours.")
    mend = _("You can change what you have written yourself.")


class AnswersElsewhere(Refusal):
    code = "private_answer"
    status = 409
    text = _("Others would read what was written privately.")
    mend = _("Answer it privately, or write without quoting it.")


class FilesForAll(Refusal):
    code = "files_for_all"
    status = 409
    text = _("Files in the chat are for everyone in the class.")
    mend = _("To send a file to one person, drop it on them in the list of people.")


class UnknownFile(Refusal):
    code = "unknown_file"
    status = 404
    text = _("That file is not there, or is in another message already.")
    mend = _("Choose it again.")


class PollRuns(Refusal):
    code = "poll_runs"
    status = 409
    text = _("A poll is running already.")
    mend = _("End it before you ask the next one.")


class StillRuns(Refusal):
    code = "poll_runs"
    status = 409
    text = _("This poll is still running.")
    mend = _("End it; everybody then sees its result.")


class PollOver(Refusal):
    code = "poll_over"
    status = 409
    text = _("This poll is over. Votes count until its end.")


class UnknownPoll(Refusal):
    code = "unknown_poll"
    status = 404
    text = _("That poll is not there any more.")


class NoSuchChoice(Refusal):
    code = "unknown_choice"
    status = 409
    text = _("That is no answer to this poll.")
    mend = _("Choose one of its answers, or several where it says so.")


class TooManyPolls(Refusal):
    code = "too_many_polls"
    status = 409
    text = _("This class has 30 polls already.")
    mend = _("Delete one that is no longer needed.")


class NotDirect(Refusal):
    code = "not_direct"
    status = 409
    text = _(
        "Two people can connect directly only while they are alone in the class, it is not recorded, and the"
        " school allows it."
    )


class NoFiles(Refusal):
    code = "not_direct"
    status = 409
    text = _("Files cannot be sent from one person to another: the school keeps direct connections off.")
    mend = _("Ask the school, or send a link in the chat.")


class NoLongerMember(Refusal):
    code = "no_longer_member"
    text = _("You can no longer take part in this class.")
    mend = _("Ask the school if you think that is wrong.")


class LinkOver(NoLongerMember):
    status = 410
    title = _("Your invitation has ended")
    text = _("The link by which you came has ended, or was withdrawn.")
    mend = _("Ask the person who sent it for a new one.")


class OnlyTheLead(Refusal):
    code = "not_allowed"
    text = _("Only a teacher of this class, or who leads it just now, can do that.")


class NotThem(Refusal):
    code = "not_allowed"
    text = _("That cannot be done to this person: they are a teacher of this class, or yourself.")


class NotAGuest(Refusal):
    code = "not_allowed"
    text = _("A guest cannot lead a class.")
    mend = _("Ask the school for an account for them.")


class Barred(Refusal):
    code = "barred"
    title = _("The teacher removed you from this class")
    text = _("There is no way back into this class.")
    mend = _("Ask the school if you think that is wrong.")


class Locked(Refusal):
    code = "locked"
    status = 409
    title = _("This class is locked")
    text = _("The teacher locked this class: nobody new gets in.")
    mend = _("Keep the page open; you are let in as soon as it is unlocked.")


class TurnedAway(Refusal):
    code = "turned_away"
    status = 409
    title = _("The teacher did not let you in")
    text = _("The teacher did not let you in.")
    mend = _("You can ask again in half a minute.")

    def __init__(self, retry_at: datetime) -> None:
        self.retry_at = retry_at
        super().__init__()


class NoCaptions(Refusal):
    code = "no_captions"
    text = _("Your school does not allow captions in its classes.")
    mend = _("Ask the people who run your school.")


class CaptionsOff(Refusal):
    code = "captions_off"
    text = _("The teacher turned captions off.")
    mend = _("Ask the teacher to turn them on under Class rules.")


class MicOff(Refusal):
    code = "mic_off"
    text = _("The teacher keeps microphones off.")
    mend = _("Raise your hand to be given the word.")


class ChatOff(Refusal):
    code = "chat_off"
    text = _("The teacher turned the chat off for students.")
    mend = _("Raise your hand to ask something.")


class PrivateChatOff(Refusal):
    code = "private_chat_off"
    text = _("In this class students write, and send files, to teachers only.")


class ScreenOff(Refusal):
    code = "screen_off"
    text = _("In this class only teachers share a screen.")
    mend = _("Raise your hand if you have something to show.")


class ScreenTaken(Refusal):
    """`name`: the student who shares; `lost`: or did, until their line was lost just now."""

    code = "screen_taken"
    status = 409
    mend = _("Yours can start when it ends.")

    def __init__(self, name: str, *, lost: bool = False) -> None:
        if lost:
            self.text = gettext("%(name)s lost the line and may come back.") % {"name": name}
            self.mend = _("Yours can start in a minute at most.")
        else:
            self.text = gettext("%(name)s shares a screen.") % {"name": name}
        super().__init__()


class Removed(Refusal):
    code = "removed"
    title = _("The teacher removed you from this class")
    text = _("The teacher removed you from this class.")

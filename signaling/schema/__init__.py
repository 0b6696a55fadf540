"""Every message of the classroom socket, in both directions.

One JSON object per text frame, told apart by `type`; a field that is not listed is refused. Times are
ISO 8601 in UTC. `tools/socket_types.py` writes the browser's types and docs/classroom-protocol.md from here.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from signaling.schema.base import MOST_KEY, Count, Event, Hue, Id, Key, Message, Named, Role, Seq
from signaling.schema.calls import (
    MOST_CANDIDATE,
    MOST_CANDIDATES,
    MOST_NAME,
    MOST_SDP,
    Candidate,
    Description,
    DirectCalls,
    Purpose,
    Signal,
    Signalled,
)
from signaling.schema.captions import (
    MOST_CAPTION,
    Caption,
    Captioned,
    Captioning,
    CaptioningNow,
    CaptionsChanged,
    CaptionsNow,
    Subtitle,
    WantCaptions,
)
from signaling.schema.chat import (
    MOST_ATTACHED,
    MOST_CODE_POINTS,
    MOST_TEXT,
    ChatMessage,
    Deleted,
    DeleteMessage,
    Earlier,
    EditMessage,
    Emoji,
    History,
    MessageDeleted,
    MessageEdited,
    Quote,
    React,
    Reacted,
    Reaction,
    Reactions,
    ReactTo,
    RoomReaction,
    Said,
    Say,
    Text,
    Withheld,
    Words,
)
from signaling.schema.files import (
    MOST_FILE_SIZE,
    MOST_FILES,
    FileInfo,
    FilesOffered,
    FilesSettled,
    OfferFiles,
    SettleFiles,
    Verdict,
)
from signaling.schema.hands import (
    GiveScreen,
    HandLowered,
    HandRaised,
    HandsLowered,
    LetSpeak,
    LowerHand,
    LowerHands,
    MayShare,
    MaySpeak,
    RaiseHand,
)
from signaling.schema.leading import (
    MOST_REASON,
    Admit,
    Admitted,
    Appoint,
    AskedToUnmute,
    AskToUnmute,
    Barred,
    BarredPerson,
    ClassRules,
    HandLead,
    LeadChanged,
    Reason,
    Remove,
    Removed,
    RoleChanged,
    Rules,
    RulesChanged,
    SendBack,
    SetRules,
    Stop,
    Stoppable,
    Stopped,
)
from signaling.schema.lobby import (
    EntryDenied,
    EntryGranted,
    Knocked,
    LetIn,
    LobbyPlace,
    StoppedWaiting,
    TurnAway,
    Waiting,
    WaitingPerson,
    WaitingRoom,
)
from signaling.schema.materials import Material, MaterialAdded, MaterialRemoved, Picture
from signaling.schema.media import (
    IceServer,
    IceServers,
    Media,
    MediaBack,
    MediaLeaving,
    MediaLost,
    MediaToken,
    ScreenGranted,
    ShareScreen,
)
from signaling.schema.polls import (
    FEWEST_CHOICES,
    MOST_CHOICE,
    MOST_CHOICES,
    MOST_QUESTION,
    AskPoll,
    DeletePoll,
    EndPoll,
    Poll,
    PollCounted,
    PollDeleted,
    PollEnded,
    Polls,
    PollShown,
    PollStarted,
    PollVote,
    ShowPoll,
    Vote,
    VoteNoted,
)
from signaling.schema.presence import (
    ClassEnded,
    ClassStarted,
    EndClass,
    Going,
    Hello,
    Join,
    Joined,
    Leave,
    Moved,
    Participant,
    ParticipantJoined,
    ParticipantLeft,
    Ping,
    Pong,
    Resumed,
    SchoolChanged,
    Session,
    State,
    You,
)
from signaling.schema.recording import (
    MOST_AGO,
    MOST_TITLE,
    Consent,
    ConsentNoted,
    LostHere,
    LostNoted,
    MarkMoment,
    MomentMarked,
    PeopleLost,
    Record,
    RecordingChanged,
    RecordingNow,
    RecordingSafe,
    RecordingWish,
    Title,
)
from signaling.schema.refusals import RefusalCode, Refused

ClientMessage = Annotated[
    Join
    | Leave
    | Say
    | EditMessage
    | DeleteMessage
    | ReactTo
    | React
    | History
    | RaiseHand
    | LowerHand
    | EndClass
    | Stop
    | AskToUnmute
    | LowerHands
    | LetSpeak
    | GiveScreen
    | SetRules
    | Remove
    | SendBack
    | LetIn
    | TurnAway
    | Admit
    | Appoint
    | HandLead
    | Record
    | Consent
    | MarkMoment
    | LostHere
    | AskPoll
    | Vote
    | EndPoll
    | ShowPoll
    | DeletePoll
    | WantCaptions
    | Caption
    | Captioning
    | Signal
    | OfferFiles
    | SettleFiles
    | ShareScreen
    | Ping,
    Field(discriminator="type"),
]

Events = (
    ClassStarted
    | ParticipantJoined
    | ParticipantLeft
    | Withheld
    | Said
    | MessageEdited
    | MessageDeleted
    | Reacted
    | HandRaised
    | HandLowered
    | HandsLowered
    | Stopped
    | AskedToUnmute
    | MaySpeak
    | MayShare
    | RulesChanged
    | Knocked
    | StoppedWaiting
    | EntryGranted
    | EntryDenied
    | Admitted
    | RoleChanged
    | LeadChanged
    | MaterialAdded
    | MaterialRemoved
    | RecordingChanged
    | PollStarted
    | PollCounted
    | PollEnded
    | PollShown
    | PollDeleted
    | ClassEnded
)

Passed = Signalled | FilesOffered | FilesSettled
Told = MomentMarked | PeopleLost | LostNoted
SessionEvent = Annotated[Events, Field(discriminator="type")]
PassedOn = Annotated[Passed, Field(discriminator="type")]
ToldAlone = Annotated[Told, Field(discriminator="type")]
ServerMessage = Annotated[
    Hello
    | Joined
    | Resumed
    | Waiting
    | WaitingRoom
    | MediaToken
    | ScreenGranted
    | IceServers
    | DirectCalls
    | SchoolChanged
    | Rules
    | Barred
    | Removed
    | RecordingSafe
    | MediaLeaving
    | MediaLost
    | MediaBack
    | Moved
    | Refused
    | Earlier
    | Reactions
    | Polls
    | VoteNoted
    | ConsentNoted
    | CaptionsChanged
    | Subtitle
    | CaptioningNow
    | Pong
    | Passed
    | Told
    | Events,
    Field(discriminator="type"),
]

client_messages: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
server_messages: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
session_events: TypeAdapter[SessionEvent] = TypeAdapter(SessionEvent)
passed_on: TypeAdapter[PassedOn] = TypeAdapter(PassedOn)
told_alone: TypeAdapter[ToldAlone] = TypeAdapter(ToldAlone)

CLOSE_CODES = {
    4401: "Signed out, or the session ran out: sign in again. Do not reconnect before.",
    4403: "May no longer be in this class (told by `refused` first). Do not reconnect.",
    4408: "This page fell too far behind: reconnect and `join` with `since`.",
    4409: "Moved to another tab or device. Reconnect only when the person asks for it.",
    4429: "Kept sending too fast after being refused. Reconnect after 10 s.",
    1006: "The connection was lost, or cut without a word after a frame of more than 64 KiB: reconnect.",
    1011: "The server failed on this socket: reconnect.",
}

__all__ = [
    "CLOSE_CODES",
    "FEWEST_CHOICES",
    "MOST_AGO",
    "MOST_ATTACHED",
    "MOST_CANDIDATE",
    "MOST_CANDIDATES",
    "MOST_CAPTION",
    "MOST_CHOICE",
    "MOST_CHOICES",
    "MOST_CODE_POINTS",
    "MOST_FILES",
    "MOST_FILE_SIZE",
    "MOST_KEY",
    "MOST_NAME",
    "MOST_QUESTION",
    "MOST_REASON",
    "MOST_SDP",
    "MOST_TEXT",
    "MOST_TITLE",
    "Admit",
    "Admitted",
    "Appoint",
    "AskPoll",
    "AskToUnmute",
    "AskedToUnmute",
    "Barred",
    "BarredPerson",
    "Candidate",
    "Caption",
    "Captioned",
    "Captioning",
    "CaptioningNow",
    "CaptionsChanged",
    "CaptionsNow",
    "ChatMessage",
    "ClassEnded",
    "ClassRules",
    "ClassStarted",
    "ClientMessage",
    "Consent",
    "ConsentNoted",
    "Count",
    "DeleteMessage",
    "DeletePoll",
    "Deleted",
    "Description",
    "DirectCalls",
    "Earlier",
    "EditMessage",
    "Emoji",
    "EndClass",
    "EndPoll",
    "EntryDenied",
    "EntryGranted",
    "Event",
    "Events",
    "FileInfo",
    "FilesOffered",
    "FilesSettled",
    "GiveScreen",
    "Going",
    "HandLead",
    "HandLowered",
    "HandRaised",
    "HandsLowered",
    "Hello",
    "History",
    "Hue",
    "IceServer",
    "IceServers",
    "Id",
    "Join",
    "Joined",
    "Key",
    "Knocked",
    "LeadChanged",
    "Leave",
    "LetIn",
    "LetSpeak",
    "LobbyPlace",
    "LostHere",
    "LostNoted",
    "LowerHand",
    "LowerHands",
    "MarkMoment",
    "Material",
    "MaterialAdded",
    "MaterialRemoved",
    "MayShare",
    "MaySpeak",
    "Media",
    "MediaBack",
    "MediaLeaving",
    "MediaLost",
    "MediaToken",
    "Message",
    "MessageDeleted",
    "MessageEdited",
    "MomentMarked",
    "Moved",
    "Named",
    "OfferFiles",
    "Participant",
    "ParticipantJoined",
    "ParticipantLeft",
    "Passed",
    "PassedOn",
    "PeopleLost",
    "Picture",
    "Ping",
    "Poll",
    "PollCounted",
    "PollDeleted",
    "PollEnded",
    "PollShown",
    "PollStarted",
    "PollVote",
    "Polls",
    "Pong",
    "Purpose",
    "Quote",
    "RaiseHand",
    "React",
    "ReactTo",
    "Reacted",
    "Reaction",
    "Reactions",
    "Reason",
    "Record",
    "RecordingChanged",
    "RecordingNow",
    "RecordingSafe",
    "RecordingWish",
    "RefusalCode",
    "Refused",
    "Remove",
    "Removed",
    "Resumed",
    "Role",
    "RoleChanged",
    "RoomReaction",
    "Rules",
    "RulesChanged",
    "Said",
    "Say",
    "SchoolChanged",
    "ScreenGranted",
    "SendBack",
    "Seq",
    "ServerMessage",
    "Session",
    "SessionEvent",
    "SetRules",
    "SettleFiles",
    "ShareScreen",
    "ShowPoll",
    "Signal",
    "Signalled",
    "State",
    "Stop",
    "Stoppable",
    "Stopped",
    "StoppedWaiting",
    "Subtitle",
    "Text",
    "Title",
    "Told",
    "ToldAlone",
    "TurnAway",
    "Verdict",
    "Vote",
    "VoteNoted",
    "Waiting",
    "WaitingPerson",
    "WaitingRoom",
    "WantCaptions",
    "Withheld",
    "Words",
    "You",
    "client_messages",
    "passed_on",
    "server_messages",
    "session_events",
    "told_alone",
]

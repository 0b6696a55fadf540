"""Write the browser's types and the protocol's page from signaling/schema/.

python tools/socket_types.py            writes both files
python tools/socket_types.py --check    fails when one of them is stale
"""

import sys
from datetime import datetime
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from pydantic import BaseModel  # noqa: E402

from signaling import schema  # noqa: E402

TYPES = ROOT / "static/js/classroom/protocol.d.ts"
PAGE = ROOT / "docs/classroom-protocol.md"
PARTS = [schema.Session, schema.You, schema.Participant, schema.ChatMessage, schema.Media]
PARTS += [schema.IceServer, schema.Description, schema.Candidate, schema.FileInfo]
PARTS += [schema.ClassRules, schema.BarredPerson, schema.WaitingPerson]
PARTS += [schema.Material, schema.Picture, schema.Named, schema.Quote, schema.Reaction, schema.RoomReaction]
PARTS += [schema.RecordingNow, schema.Poll, schema.PollVote, schema.CaptionsNow]
CLIENT = list(get_args(get_args(schema.ClientMessage)[0]))
SERVER = list(get_args(get_args(schema.ServerMessage)[0]))
EVENTS = [model for model in SERVER if issubclass(model, schema.Event)]
PLAIN = {str: "string", int: "number", bool: "boolean", datetime: "Time", NoneType: "null"}
NAMED = {
    schema.RefusalCode: "RefusalCode",
    schema.Role: "Role",
    schema.State: "State",
    schema.Emoji: "Emoji",
    schema.Deleted: "Deleted",
    schema.Purpose: "Purpose",
    schema.Verdict: "Verdict",
    schema.Stoppable: "Stoppable",
    schema.Going: "Going",
    schema.LobbyPlace: "LobbyPlace",
    schema.Captioned: "Captioned",
}
HEAD = "// Written by tools/socket_types.py from signaling/schema/: change it there.\n"


def typescript(annotation: Any) -> str:
    """The TypeScript type of a Python annotation."""
    if annotation in NAMED:
        return NAMED[annotation]
    if annotation in PLAIN:
        return PLAIN[annotation]
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return values(annotation)
    if origin in (Union, UnionType):
        return " | ".join(typescript(each) for each in args)
    if origin is list:
        return f"{typescript(args[0])}[]"
    if hasattr(annotation, "__metadata__"):
        return typescript(annotation.__origin__)
    return str(annotation.__name__)


def values(literal: Any) -> str:
    return " | ".join(f'"{value}"' for value in get_args(literal))


def fields(model: type[BaseModel]) -> list[tuple[str, str]]:
    """(name with `?` where it may be left out, type) in reading order, `type` first."""
    rows = []
    for name, field in model.model_fields.items():
        optional = model in CLIENT and not field.is_required()
        rows.append((f"{name}?" if optional else name, typescript(field.annotation)))
    return sorted(rows, key=lambda row: row[0] != "type")


def text(model: type[BaseModel]) -> str:
    return cleandoc(model.__doc__ or "")


def interface(model: type[BaseModel]) -> str:
    about = "\n * ".join(text(model).splitlines())
    lines = "".join(f"  {name}: {kind};\n" for name, kind in fields(model))
    return f"/** {about} */\nexport interface {model.__name__} {{\n{lines}}}\n"


def union(name: str, models: list[type[BaseModel]]) -> str:
    return f"export type {name} =\n" + "".join(f"  | {model.__name__}\n" for model in models)[:-1] + ";\n"


def types() -> str:
    blocks = [
        HEAD,
        "/** ISO 8601 in UTC, such as 2026-11-22T10:00:00Z. */\nexport type Time = string;\n",
        *(f"export type {name} = {values(alias)};\n" for alias, name in NAMED.items()),
        *map(interface, [*PARTS, *CLIENT, *SERVER]),
        union("ClientMessage", CLIENT),
        union("SessionEvent", EVENTS),
        union("ServerMessage", SERVER),
    ]
    return "\n".join(blocks)


def section(model: type[BaseModel]) -> str:
    rows = "".join(f"| `{name}` | `{kind.replace('|', chr(92) + '|')}` |\n" for name, kind in fields(model))
    kind = model.model_fields.get("type")
    title = model.__name__ if model in PARTS or not kind else f"`{get_args(kind.annotation)[0]}`"
    return f"### {title}\n\n{text(model)}\n\n| field | type |\n|---|---|\n{rows}"


def page() -> str:
    about = [model for model in SERVER if model not in EVENTS]
    closes = "".join(f"| {code} | {meaning} |\n" for code, meaning in sorted(schema.CLOSE_CODES.items()))
    blocks = [
        "<!-- Written by tools/socket_types.py from signaling/schema/: change it there. -->\n",
        f"# The classroom socket\n\n{INTRODUCTION}",
        "## From the page\n",
        *map(section, CLIENT),
        "## To the page, about this socket\n",
        *map(section, about),
        "## To the page, events\n\n" + text(schema.Event) + "\n",
        *map(section, EVENTS),
        "## Parts\n",
        *map(section, PARTS),
        f"### Codes of `refused`\n\n`{'` `'.join(get_args(schema.RefusalCode))}`\n",
        f"## Close codes\n\n| code | meaning |\n|---|---|\n{closes}",
    ]
    return "\n".join(blocks)


INTRODUCTION = """\
`/ws/sessions/<public id>/` on the school's own host. JSON, one object per text frame of at most 32 KiB, told
apart by `type`; unknown fields are refused. The browser's types are in
[static/js/classroom/protocol.d.ts](../static/js/classroom/protocol.d.ts).

- The handshake is refused when `Origin` is not the host itself, and, in the same way, for a class that does
  not exist, that belongs to another school, or that this person may not see. A visitor who is not signed in
  is let in only to be closed with 4401.
- The server greets with `hello`, and repeats it while the page waits. `join` enters; `joined` is a snapshot
  as of its `seq`, and from there on each event carries the next `seq`: none is lost, none comes twice.
- After a lost connection the page connects again and sends `join` with `since`: `resumed`, then what was
  missed, in order; or a fresh `joined` when it was too much.
- Everyone counts the same numbers. What two people write to each other goes to their two sockets alone; all
  others get `withheld` under that number, live and in every replay, and learn neither of whom nor of what.
  The log keeps numbers and who may know; the words are in rows of their own, which deleting empties. A replay
  tells each message as it is now, so snapshot and events always end in the same chat.
- A refusal closes nothing. Whoever keeps sending too fast is closed with 4429.
"""


def main() -> int:
    stale = [(path, new) for path, new in ((TYPES, types()), (PAGE, page())) if read(path) != new]
    if "--check" in sys.argv:
        for path, _ in stale:
            print(f"{path.relative_to(ROOT)} is stale: run python tools/socket_types.py")
        return bool(stale)
    for path, new in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new)
    return 0


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())

// The shape of everything a room page shows. Times are ISO strings as the server sends them, `…At` of this page
// milliseconds since 1970 by the local clock.
import type { BarredPerson, CaptionsNow, ChatMessage, ClassRules, FileInfo, Material, Named, Participant, Poll, Quote, RecordingNow, RefusalCode, Role, RoomReaction, ServerMessage, State as SessionState, WaitingPerson, You } from "../classroom/protocol";

/**
 * before: choosing devices · joining: asked, no answer yet · waiting: the class lets this person in later, the page
 * asks again by itself · inside · left: by oneself · over: class ended · moved: in another tab · removed: by a teacher, and perhaps
 * barred · barred: for good · turned_away: from the waiting room, may ask again
 */
export type Phase = "before" | "joining" | "waiting" | "inside" | "left" | "over" | "moved" | "removed" | "barred" | "turned_away";

/** What a microphone or camera is doing; `want` in Device says what the person asked for. */
export type DeviceState = "off" | "asking" | "on" | "blocked" | "missing" | "busy";
export type DeviceKind = "mic" | "camera";
export type OutputKind = DeviceKind | "speaker";

export interface Device {
  want: boolean;
  state: DeviceState;
}

export interface Choice {
  id: string;
  label: string;
}

/** A picture or a sound that can be shown in an element; kept opaque, the media transport makes them. */
export interface Attachable {
  attach(element: HTMLMediaElement): unknown;
  detach(element: HTMLMediaElement): unknown;
}

/** The connection to the one other person here, beside that to the media server. */
export interface Direct {
  peer: string;
  /** What is seen and heard of them comes this way. */
  flows: boolean;
  relayed: boolean;
  /** What comes just now, known to the media server or not yet. */
  live: TrackKind[];
  media: Partial<Record<TrackKind, Attachable>>;
}

/** How packets get to the media server. */
export interface Path {
  relayed: boolean;
  tcp: boolean;
}

/** What is done to sound and picture before they are sent. `background`: "" none, "blur", "own", or the name of a picture. */
export interface EffectsChosen {
  noise: "off" | "standard" | "strong";
  /** For music: nothing is taken out, both channels. Noise is left in while it is on. */
  original: boolean;
  background: string;
}

export type Corner = "bottom_end" | "bottom_start" | "top_end" | "top_start";

export type TrackKind = "mic" | "camera" | "screen" | "screen_sound";

export interface Track {
  sid: string;
  muted: boolean;
  media: Attachable | null;
}

export type Tracks = Partial<Record<TrackKind, Track>>;

export interface Person extends Participant {
  /** Arrival order in this page's eyes; keeps seats. */
  order: number;
}

/** Something typed that the server has not confirmed; `refusal` when it never will. */
export interface Unsent {
  key: string;
  text: string;
  /** Who alone is to read it. */
  to: Named | null;
  reply: Quote | null;
  files: Material[];
  /** Keys of the uploads that are to become its files; null: nothing is waited for, it is said. */
  uploads: string[] | null;
  at: number;
  refusal: string | null;
}

/** What is being written. */
export interface Draft {
  text: string;
  /** A participant; null: everyone. */
  to: string | null;
  /** The message that is answered, or changed. */
  reply: number | null;
  edit: number | null;
  /** Keys of uploads that begin when it is sent. */
  attached: string[];
}

/** What this person chose on this device. `agreed`: to have their own words captioned, on this device ("here") or wherever the browser does it ("away"); null: not asked yet. `language`: what they speak; "": the page's. */
export interface CaptionsChosen {
  on: boolean;
  size: "small" | "medium" | "large";
  agreed: "here" | "away" | false | null;
  language: string;
}

/** What somebody says: finished lines, and the one that may still change; `line`: the number of that one. */
export interface CaptionLine {
  by: string;
  line: number;
  said: string;
  now: string;
  /** BCP 47 */
  language: string;
  /** ms, local clock */
  at: number;
}

export interface Captions extends CaptionsChosen, CaptionsNow {
  /** How this browser would make some: not at all, away from this device perhaps, on it. */
  makes: "none" | "away" | "here";
  /** It was tried, in vain. */
  failed: boolean;
  /** By who began first. */
  lines: CaptionLine[];
  /** Whose words cannot be captioned, and why. */
  cannot: Record<string, "unable" | "failed" | "declined">;
}

/** A reaction to what goes on, as it is shown for some seconds. */
export interface Reacting extends RoomReaction {
  n: number;
  /** ms, local clock */
  at: number;
}

/** Files to or from one other person; `asked` until the receiver has answered. */
export interface Transfer {
  key: string;
  /** The participant at the other side, and what they were called. */
  peer: string;
  name: string;
  /** From here to there. */
  out: boolean;
  files: FileInfo[];
  state: "asked" | "connecting" | "moving" | "interrupted" | "done" | "refused" | "cancelled" | "failed";
  /** Bytes that are written at the receiver's; of how many; how many a second (0: not known). */
  moved: number;
  total: number;
  rate: number;
  /** Who ended it. */
  by: "you" | "them" | null;
  /** Of a failure: not_reached, gone, broken, damaged, unreadable, no_space or another. */
  why: string | null;
  /** The server's, where it refused. */
  words: string;
}

/** A file on its way to the class, or chosen for that; `words`: the server's, where it refused; `waiting`: for the connection. */
export interface Upload {
  key: string;
  name: string;
  size: number;
  sent: number;
  state: "chosen" | "uploading" | "waiting" | "failed" | "done";
  words: string;
  /** It was changed, moved or removed meanwhile. */
  unreadable?: boolean;
  /** It goes into a message, and is shown there; and what it has become. */
  forChat?: boolean;
  material?: Material;
}

/** A poll that is being written; `key` once it is asked. */
export interface PollDraft {
  key: string | null;
  question: string;
  choices: string[];
  several: boolean;
  byName: boolean;
  live: boolean;
}

export type Notice =
  | { kind: "poll"; question: string }
  | { kind: "poll_over"; question: string }
  | { kind: "poll_shown"; question: string }
  | { kind: "poll_gone" }
  | { kind: "recording"; state: "on" | "paused" | "resumed" | "off" }
  | { kind: "marked"; title: string; by: string | null }
  | { kind: "lost"; count: number }
  | { kind: "lost_noted" }
  | { kind: "whisper"; name: string }
  | { kind: "material"; count: number; by: string }
  | { kind: "files"; transfer: Transfer }
  | { kind: "hands"; names: string[] }
  | { kind: "knock"; people: { id: string; name: string }[] }
  | { kind: "hand_lowered"; by: string }
  | { kind: "unplugged"; device: OutputKind; now: string | null }
  | { kind: "talking_muted" }
  | { kind: "weak_line" }
  | { kind: "share_failed" }
  | { kind: "screen_taken"; name: string; lost: boolean }
  | { kind: "carries"; most: number }
  | { kind: "effect"; what: "slow" | "broken" | "no_filter" | "no_picture" }
  | { kind: "stopped"; what: "mic" | "camera" | "screen"; locked: boolean }
  | { kind: "locked"; what: "mic" | "camera" | "screen" }
  | { kind: "all_muted" }
  | { kind: "asked" }
  | { kind: "may_speak" }
  | { kind: "may_share" }
  | { kind: "rules"; was: ClassRules; rules: ClassRules }
  | { kind: "no_captions"; why: "school" | "class" | "failed" }
  | { kind: "role"; role: Role }
  | { kind: "appointed"; id: string; name: string; role: Role }
  /** `back`: this person gave it away, and may take it back. */
  | { kind: "lead"; name: string | null; back: boolean }
  | { kind: "refused"; text: string; mend: string | null };

/** For screen readers only, or as well. `n` makes equal announcements different. */
export type Spoken =
  | { kind: "mic"; on: boolean }
  | { kind: "camera"; on: boolean }
  | { kind: "sharing"; on: boolean }
  | { kind: "hand"; up: boolean }
  | { kind: "presents"; name: string }
  | { kind: "chat"; name: string; count: number }
  | { kind: "inside"; title: string; here: number }
  | { kind: "people"; joined: string[]; left: string[] }
  | { kind: "layout"; layout: State["layout"] }
  | { kind: "back" }
  | { kind: "sent_back" }
  | Notice;

export type Gathering = Extract<Spoken, { kind: "hands" | "knock" | "people" | "chat" }>;

/** A short sound for a hand, a knock, a message to oneself; and whether screen readers say who comes and goes. */
export interface Alerts {
  hands: boolean;
  knock: boolean;
  whisper: boolean;
  people: boolean;
}

export interface ClassInfo {
  id: string;
  title: string;
  course: string;
  teacher: string;
  state: SessionState;
  startsAt: string;
  opensAt: string;
  endsAt: string;
  startedAt: string | null;
  endedAt: string | null;
  endedBy: string | null;
}

export interface State {
  phase: Phase;
  /** Why `before` or `barred`: shown as a note. */
  refusal: { code: RefusalCode | "signed_out"; text: string; mend: string | null } | null;
  /** While removed or turned away: why, if it was said, and whether there is a way back. */
  removal: { reason: string; barred: boolean } | null;
  /** When the page asks again by itself (ms, local clock), while waiting. */
  retryAt: number | null;
  session: ClassInfo;
  you: { id: string | null; name: string; role: Role; hue: number; elsewhere: boolean; locked_out?: boolean; lobby?: You["lobby"]; place?: You["place"]; sent_back?: boolean };
  /** Server's clock minus ours, ms. */
  skew: number;
  greeted: boolean;
  here: number;
  names: string[];

  /** What students may do. */
  rules: ClassRules;
  /** Who leads the class, here or away; since when they are away (ms, local clock), and whether for a lost line. */
  lead: string | null;
  leadGone: { at: number; lost: boolean } | null;
  /** Who shared a screen when their line was lost; `at`: ms, local clock. */
  presenterGone: { id: string; name: string; at: number } | null;
  /** For those who lead: who has no way back. */
  barred: BarredPerson[];
  /** For those who lead: who waits to be let in. */
  waiting: WaitingPerson[];
  /** What is not taken from others directly: told to stop, and off by the media server's word. */
  cut: Record<string, Partial<Record<TrackKind, "told" | "off">>>;
  people: Record<string, Person>;
  arrivals: number;
  messages: ChatMessage[];
  /** There are older ones at the server; and they were asked for. */
  earlier: boolean;
  earlierAsked: boolean;
  /** Whether students may write to each other privately. */
  privateChat: boolean;
  /** Changes that the server has not confirmed: the new text, by message. */
  saving: Record<number, string>;
  draft: Draft;
  reactions: Reacting[];
  /** How many there were so far. */
  reacted: number;
  unsent: Unsent[];
  unread: number;

  socket: "connecting" | "open" | "lost";
  socketLostAt: number | null;
  media: "idle" | "connecting" | "on" | "lost";
  mediaLostAt: number | null;
  /** The media server, as the classroom socket tells of it: leaving means that it restarts in a moment, lost says nothing of one's own sound and video. */
  server: "up" | "leaving" | "lost";
  /** While leaving: by when (ms, local clock). */
  serverLeavesAt: number;
  /** Since when sound and video are asked for in vain (ms, local clock). */
  mediaAskedAt: number | null;
  /** Why they do not come, once it is found out. */
  trouble: "searching" | { words: string; mend: string; code: string } | null;
  /** This person asked for the ways without UDP. */
  slow: boolean;
  /** That the network had to leave open, where it is known. */
  udpPort: number | null;
  soundBlocked: boolean;
  path: Path | null;
  /** Whether two people alone here may connect directly. */
  directAllowed: boolean;
  direct: Direct | null;
  /** It was tried in vain; it is tried again later. */
  directFailed: boolean;

  tracks: Record<string, Tracks>;
  /** Who shares, latest last. */
  screens: string[];
  speaking: string[];
  /** Latest speaker first. */
  recent: string[];
  weak: string[];
  /** How loud this person wants to hear somebody, 0–1, by participant; who is not in it: as sent. */
  volumes: Record<string, number>;
  /** One's own weak line is told once in a stay; its mark comes and goes. */
  weakTold: boolean;

  mic: Device;
  camera: Device;
  share: "off" | "asking" | "on";
  choices: Record<OutputKind, Choice[]>;
  chosen: Record<OutputKind, string>;
  effects: EffectsChosen;
  /** Whether the camera's picture has another background by now. */
  dressed: "off" | "loading" | "on";
  /** Address of one's own background in this page. */
  ownPicture: string | null;

  /** Being recorded, or paused. */
  recording: RecordingNow | null;
  /** This person wants it to begin, and the server has not answered. */
  recordAsked: boolean;
  /** How much is safely stored, as told last; null: nothing was told yet. */
  safe: { sound: number | null; screen: number | null; trouble: string | null } | null;
  /** One's word on being recorded as the server keeps it, null: none; and a new one that it has not confirmed. */
  consent: boolean | null;
  consenting: boolean | null;
  asksConsent: boolean;
  /** Of a class that is over: what was recorded of it. */
  kept: { url: string; ready: boolean } | null;
  transfers: Transfer[];
  materials: Material[];
  uploads: Upload[];
  /** In the order they were asked; what is being written to ask one; one's vote that the server has not confirmed. */
  polls: Poll[];
  pollDraft: PollDraft | null;
  voting: { poll: number; chosen: number[] } | null;
  captions: Captions;
  panel: "chat" | "people" | "files" | "polls" | null;
  page: number;
  /** How people are arranged. auto: by how many there are; a shared screen has the stage. */
  layout: "auto" | "speaker" | "grid";
  /** Who keeps the stage, by this person's wish: a participant, or a screen (screens.js). */
  pinned: string | null;
  /** Where one's own picture lies in a class of two. */
  corner: Corner;
  /** How many cameras this device shows at once without falling behind; null: as many as have a place. Told once in a stay. */
  carries: number | null;
  carriesTold: boolean;
  /** All of them in spite of it, by this person's wish. */
  showAll: boolean;
  /** No camera of others in this stay, by this person's wish: for a line too weak for pictures. */
  soundOnly: boolean;
  /** The small window opens by itself when this person looks elsewhere. */
  floats: boolean;
  /** What this person wants to hear of. */
  alerts: Alerts;
  notice: { n: number; what: Notice } | null;
  /** How many there were. */
  noticed: number;
  /** What is to be told to screen readers in a while, along with what follows. */
  gathered: { [Kind in Gathering["kind"]]?: Extract<Gathering, { kind: Kind }> };
  spoken: { n: number; urgent: boolean; what: Spoken } | null;
}

export type LocalEvent =
  | { type: "socket_open" }
  | { type: "socket_lost" }
  | { type: "signed_out" }
  | { type: "join_asked" }
  | { type: "left" }
  | { type: "go_back" }
  | { type: "typed"; key: string; text: string; to?: Named | null; reply?: Quote | null; uploads?: string[] | null }
  | { type: "files_there"; key: string }
  | { type: "unsaid"; key: string }
  | { type: "draft"; draft: Partial<Draft> }
  | { type: "saving"; message: number; text: string }
  | { type: "earlier_asked" }
  | { type: "reactions_over"; before: number }
  | { type: "typed_again"; key: string }
  | { type: "media"; state: State["media"]; since?: number }
  | { type: "sound"; blocked: boolean }
  | { type: "trouble"; trouble: State["trouble"] }
  | { type: "another_way"; slow: boolean; udpPort: number | null }
  | { type: "path"; path: Path }
  | { type: "direct"; direct: Direct | null; failed: boolean }
  | { type: "track"; participant: string; kind: TrackKind; track: Track }
  | { type: "track_gone"; participant: string; kind: TrackKind; sid?: string }
  | { type: "tracks_known"; sids: string[] }
  | { type: "speaking"; ids: string[] }
  | { type: "line"; participant: string; weak: boolean }
  | { type: "device"; device: DeviceKind; state: DeviceState }
  | { type: "want"; device: DeviceKind; on: boolean }
  | { type: "choices"; choices: Record<OutputKind, Choice[]> }
  | { type: "chosen"; device: OutputKind; id: string }
  | { type: "effects"; chosen: EffectsChosen }
  | { type: "dressed"; state: State["dressed"] }
  | { type: "own_picture"; address: string | null }
  | { type: "share"; state: State["share"] }
  | { type: "record_asked" }
  | { type: "consent"; given: boolean }
  | { type: "kept"; kept: State["kept"] }
  | { type: "transfer"; transfer: Transfer }
  | { type: "transfer_gone"; key: string }
  | { type: "upload"; key: string; more: Partial<Upload> }
  | { type: "upload_gone"; key: string; added?: boolean }
  | { type: "poll_draft"; draft: Partial<PollDraft> | null }
  | { type: "voting"; poll: number; chosen: number[] }
  | { type: "captions_chosen"; chosen: Partial<CaptionsChosen> }
  | { type: "captioner"; makes: Captions["makes"] }
  | { type: "captioner_failed"; failed: boolean }
  | { type: "captions_over"; before: number }
  | { type: "panel"; panel: State["panel"] }
  | { type: "page"; page: number }
  | { type: "layout"; layout: State["layout"] }
  | { type: "pin"; participant: string | null }
  | { type: "corner"; corner: Corner }
  | { type: "carries"; most: number | null }
  | { type: "show_all"; on: boolean }
  | { type: "sound_only"; on: boolean }
  | { type: "floats"; on: boolean }
  | { type: "volume"; participant: string; volume: number }
  | { type: "alerts"; chosen: Partial<Alerts> }
  | { type: "say_gathered"; kind: Gathering["kind"] }
  | { type: "notice"; what: Notice }
  | { type: "notice_over"; n: number };

export type Event = ServerMessage | LocalEvent;

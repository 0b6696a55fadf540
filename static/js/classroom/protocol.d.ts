// Written by tools/socket_types.py from signaling/schema/: change it there.

/** ISO 8601 in UTC, such as 2026-11-22T10:00:00Z. */
export type Time = string;

export type RefusalCode = "malformed" | "too_large" | "too_fast" | "not_open" | "not_started" | "ended" | "not_here" | "not_allowed" | "unknown_participant" | "no_longer_member" | "not_direct" | "barred" | "removed" | "locked" | "class_full" | "too_many_classes" | "turned_away" | "chat_off" | "private_chat_off" | "no_private_chat" | "unknown_message" | "not_your_message" | "private_answer" | "files_for_all" | "unknown_file" | "storage_full" | "poll_runs" | "poll_over" | "unknown_poll" | "unknown_choice" | "too_many_polls" | "screen_off" | "screen_taken" | "not_recorded" | "too_many_chapters" | "no_captions" | "captions_off" | "mic_off" | "failed";

export type Role = "teacher" | "student" | "guest";

export type State = "scheduled" | "live" | "ended";

export type Emoji = "👍" | "❤️" | "😂" | "😮" | "👏" | "🎉";

export type Deleted = "own" | "teacher";

export type Purpose = "call" | "files";

export type Verdict = "accepted" | "refused" | "cancelled" | "failed";

export type Stoppable = "mic" | "camera" | "screen";

export type Going = "left" | "lost" | "removed" | "sent_back";

export type LobbyPlace = "waiting" | "let_in" | "turned_away";

export type Captioned = "on" | "unable" | "failed" | "declined" | "off";

/** The class. `opens_at` is when *you* may enter; a student also needs `state` to be `live`. */
export interface Session {
  id: string;
  title: string;
  course: string;
  teacher: string;
  state: State;
  starts_at: Time;
  opens_at: Time;
  ends_at: Time;
}

/** Who this socket belongs to. `elsewhere`: this person is in the class in another tab or device, which
 * `join` would put out. `locked_out`: the class is locked, and they were not inside. `barred`: there is no
 * way back for them, for `reason`, if one was given. `lobby`: in the waiting room; let in, so that `join`
 * succeeds; or turned away, for `reason`. `place`: in line, from 1, while waiting; `sent_back`: there by
 * somebody who leads, from inside. */
export interface You {
  name: string;
  role: Role;
  hue: number;
  elsewhere: boolean;
  locked_out: boolean;
  barred: boolean;
  reason: string;
  lobby: LobbyPlace | null;
  place: number | null;
  sent_back: boolean;
}

/** A person in the class. `id` is also the identity in the media room; `hand`: raised since. A
 * `co_teacher` has the role of a teacher in this class alone. `may_speak`: has the word, until muted;
 * `may_share`: was given the screen, until that is stopped. */
export interface Participant {
  id: string;
  name: string;
  role: Role;
  co_teacher: boolean;
  may_speak: boolean;
  may_share: boolean;
  hue: number;
  hand: Time | null;
  joined_at: Time;
}

/** One message of the chat; `id` is the `seq` of its `said`, `participant` who wrote it, `to` who alone
 * may read it (none: everyone). Deleted, by its writer or a teacher, it has neither text nor files. */
export interface ChatMessage {
  id: number;
  key: string;
  participant: string;
  name: string;
  role: Role;
  hue: number;
  text: string;
  at: Time;
  to: Named | null;
  reply: Quote | null;
  files: Material[];
  reactions: Reaction[];
  edited_at: Time | null;
  deleted: Deleted | null;
}

/** Where and with what to connect to the media server. The token is good for ten minutes. */
export interface Media {
  url: string;
  token: string;
}

/** As RTCPeerConnection takes it; relays have a name and a credential. */
export interface IceServer {
  urls: string[];
  username: string | null;
  credential: string | null;
}

/** An RTCSessionDescription as browsers make and take it. */
export interface Description {
  type: "offer" | "answer";
  sdp: string;
}

/** An RTCIceCandidateInit under the browsers' own names; an empty `candidate` ends a generation. */
export interface Candidate {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment: string | null;
}

/** A file before it is sent: `size` in bytes, `kind` a media type or nothing. */
export interface FileInfo {
  name: string;
  size: number;
  kind: string;
}

/** What students and guests may do: use microphone and camera, share a screen, write to everyone, write
 * and send files to each other. `locked`: nobody new gets in. `waiting_room`: guests wait to be let in.
 * `captions`: of anybody, teachers too. */
export interface ClassRules {
  mic: boolean;
  camera: boolean;
  screen: boolean;
  chat: boolean;
  private_chat: boolean;
  locked: boolean;
  waiting_room: boolean;
  captions: boolean;
}

/** Somebody who was removed, at `at`, and cannot come back before they are admitted. */
export interface BarredPerson {
  id: string;
  name: string;
  hue: number;
  reason: string;
  at: Time | null;
}

/** Somebody in the waiting room, `since` then; they came by the guest link of that name. */
export interface WaitingPerson {
  id: string;
  name: string;
  hue: number;
  link: string;
  since: Time;
}

/** A file for everybody of the class; its content is at `<address of the class>materials/<id>/`.
 * `picture`: it is one by its first bytes, and is shown at `…/<id>/picture/`. */
export interface Material {
  id: string;
  name: string;
  size: number;
  kind: string;
  by: string;
  at: Time;
  picture: Picture | null;
}

/** A picture's size in pixels. */
export interface Picture {
  width: number;
  height: number;
}

/** A person, under the name of then. */
export interface Named {
  id: string;
  name: string;
}

/** The message that is replied to: who wrote it, and its first 140 characters; none once it is deleted. */
export interface Quote {
  id: number;
  name: string;
  text: string;
  deleted: boolean;
}

/** One emoji on a message: how many put it there, the first twelve by name, and whether you did. */
export interface Reaction {
  emoji: Emoji;
  count: number;
  names: string[];
  mine: boolean;
}

/** One emoji: how often within half a second, and by whom (at most twelve). */
export interface RoomReaction {
  emoji: Emoji;
  count: number;
  by: string[];
}

/** The class is recorded, or the recording is paused, `since` then. `by`: who began it. */
export interface RecordingNow {
  state: "on" | "paused";
  since: Time;
  started_at: Time;
  by: string;
}

/** A question to the class; `id` is the `seq` of its `poll_started`. `counts`, votes for each choice, and
 * `voters`, how many people voted: none while you may not see them. `mine`: what you chose; of an anonymous
 * poll it is forgotten at its end. `votes`: who chose what, by name, for those who lead. */
export interface Poll {
  id: number;
  key: string;
  by: string;
  question: string;
  choices: string[];
  several: boolean;
  by_name: boolean;
  live: boolean;
  at: Time;
  ended_at: Time | null;
  counts: number[] | null;
  voters: number | null;
  mine: number[] | null;
  votes: PollVote[];
}

/** What one person chose in a poll by name; for those who lead alone. */
export interface PollVote {
  participant: string;
  name: string;
  chosen: number[];
}

/** `allowed`: the school lets people make captions. `wanted`: somebody in the class wants to read some;
 * whoever speaks makes none before that. */
export interface CaptionsNow {
  allowed: boolean;
  wanted: boolean;
}

/** Enter the class, or come back to it. `since` is the last `seq` this page has seen; answered by
 * `joined` or, with `since`, by `resumed`; by `waiting` where one has to be let in first. Another socket of
 * the same person gets `moved`. */
export interface Join {
  type: "join";
  since?: number | null;
}

/** Leave the class; the socket stays open and gets `hello` again. */
export interface Leave {
  type: "leave";
}

/** Write to everyone, or to the participant `to` alone. `reply`: the message that is answered. `files`:
 * class materials this person has added for the message; only to everyone. There is text, or a file, or
 * both; the text has at most 2,000 characters as people count them. `key` is chosen by the page: sent again
 * with the same key after a reconnect it is not written twice; the stored `said` comes back either way. */
export interface Say {
  type: "say";
  key: string;
  text: string;
  to?: string | null;
  reply?: number | null;
  files?: string[];
}

/** Write one's own message anew, while the class is on. */
export interface EditMessage {
  type: "edit_message";
  message: number;
  text: string;
}

/** Take back one's own message or, as a teacher, any; its text and files are gone for good. */
export interface DeleteMessage {
  type: "delete_message";
  message: number;
}

/** Put an emoji on a message, or take one's own off. As it is already: nothing happens. */
export interface ReactTo {
  type: "react_to";
  message: number;
  emoji: Emoji;
  on: boolean;
}

/** React to what goes on; everyone gets `reactions`. Nothing of it is kept. */
export interface React {
  type: "react";
  emoji: Emoji;
}

/** Ask for messages older than `before`; answered by `earlier`. */
export interface History {
  type: "history";
  before: number;
}

/** Ask to speak. Raised already: nothing happens. */
export interface RaiseHand {
  type: "raise_hand";
}

/** Lower one's own hand or, as a teacher, the hand of `participant`. */
export interface LowerHand {
  type: "lower_hand";
  participant?: string | null;
}

/** End the class for everyone (its teachers, and who leads it). */
export interface EndClass {
  type: "end_class";
}

/** End the microphone, camera or shared screen of `participant`, of all students without one (teachers
 * and co-teachers, as for all down to `remove`). They may begin again as the rules allow; who was let speak
 * while microphones are off, or given the screen, no longer is. Told by `stopped`, and in
 * effect at the media server at once. */
export interface Stop {
  type: "stop";
  what: Stoppable;
  participant?: string | null;
}

/** Ask `participant` to turn the microphone on; they decide. */
export interface AskToUnmute {
  type: "ask_to_unmute";
  participant: string;
}

/** Lower all hands. */
export interface LowerHands {
  type: "lower_hands";
}

/** Give `participant` the word: lowers the hand, and allows the microphone until they are muted, also
 * while the rules keep students' microphones off. */
export interface LetSpeak {
  type: "let_speak";
  participant: string;
}

/** Ask `participant` to share a screen, and allow it until they leave or their screen is stopped (`stop`),
 * also while the rules keep students' screens off. Whoever shares already goes on. */
export interface GiveScreen {
  type: "give_screen";
  participant: string;
}

/** What students and guests may do from now on, whether the class is locked (nobody new gets in, who was
 * inside may come back), whether guests wait to be let in, and whether there are captions. What is left out
 * stays as it is; whoever waits comes in when there is no waiting room any more. */
export interface SetRules {
  type: "set_rules";
  mic?: boolean | null;
  camera?: boolean | null;
  screen?: boolean | null;
  chat?: boolean | null;
  private_chat?: boolean | null;
  locked?: boolean | null;
  waiting_room?: boolean | null;
  captions?: boolean | null;
}

/** Put `participant` out of the class, telling them `reason` where there is one; `bar`: they cannot come
 * back. Not a teacher of the class; a co-teacher only as `appoint`. */
export interface Remove {
  type: "remove";
  participant: string;
  reason?: string;
  bar?: boolean;
}

/** Send `participant` to the waiting room, last in line; they come in again once they are let in. Nobody
 * who leads. */
export interface SendBack {
  type: "send_back";
  participant: string;
}

/** Let `participant`, who waits, come in; without one, everybody who does. Who does not wait any more:
 * nothing happens. */
export interface LetIn {
  type: "let_in";
  participant?: string | null;
}

/** Refuse `participant`, who waits, telling them `reason` where there is one; they may ask again after
 * half a minute. Who does not wait any more: nothing happens. */
export interface TurnAway {
  type: "turn_away";
  participant: string;
  reason?: string;
}

/** Let `participant`, who is barred, come in again (the class's teachers, and who leads it, as for all
 * that follow). */
export interface Admit {
  type: "admit";
  participant: string;
}

/** Make `participant` a co-teacher of this class, or no longer. A co-teacher has the rights of a teacher
 * here, without `admit`, `appoint`, `hand_lead` and `end_class` while somebody else leads. */
export interface Appoint {
  type: "appoint";
  participant: string;
  co_teacher: boolean;
}

/** Let `participant` lead the class from now on; a student becomes a co-teacher by it. */
export interface HandLead {
  type: "hand_lead";
  participant: string;
}

/** Record the class from now on, pause, go on, or stop (teachers). As it is already: nothing happens. */
export interface Record {
  type: "record";
  wanted: "on" | "paused" | "off";
}

/** Whether you agree to being recorded: your sound, camera and screen. It can be changed any time, for
 * what comes after. Answered by `consent_noted`. */
export interface Consent {
  type: "consent";
  given: boolean;
}

/** Mark the moment `ago` seconds back as a chapter of the recording (teachers), with a title or without.
 * Refused with `not_recorded` while nothing is recorded. All teachers get `moment_marked`. */
export interface MarkMoment {
  type: "mark_moment";
  title?: string;
  ago?: number;
}

/** Say that you cannot follow just now (students), at most every ten seconds. Refused with `not_recorded`
 * while nothing is recorded. Teachers get `people_lost`, without your name, and you `lost_noted`. */
export interface LostHere {
  type: "lost_here";
}

/** Ask the class (teachers and co-teachers, as for all but `vote`); one poll runs at a time. `several`:
 * more than one answer may be chosen. `by_name`: those who lead see who chose what, and each is told so
 * before they vote; else nobody ever learns it. `live`: students see the counts while it runs. `key` is
 * chosen by the page: sent again with the same key it is not asked twice. */
export interface AskPoll {
  type: "ask_poll";
  key: string;
  question: string;
  choices: string[];
  several?: boolean;
  by_name?: boolean;
  live?: boolean;
}

/** Choose answers (students), by their positions from 0; again to choose anew, until the poll ends.
 * Answered by `vote_noted`. */
export interface Vote {
  type: "vote";
  poll: number;
  chosen: number[];
}

/** No more votes; everybody sees the result. Over already: nothing happens. */
export interface EndPoll {
  type: "end_poll";
  poll: number;
}

/** Put the result of a poll that is over before everybody again. */
export interface ShowPoll {
  type: "show_poll";
  poll: number;
}

/** Delete a poll, running or over, with its votes, for good. */
export interface DeletePoll {
  type: "delete_poll";
  poll: number;
}

/** Read captions from now on, or no longer. Forgotten at each `join`. Refused with `no_captions` by the
 * school, with `captions_off` by the class's rules. */
export interface WantCaptions {
  type: "want_captions";
  wanted: boolean;
}

/** What you are saying: `line` counts, and a caption takes the place of the one before of the same line
 * until it is `final`. `language`: a BCP 47 tag. For who may use the microphone (else `mic_off`). A caption
 * that is not final and comes too fast is dropped without a word. */
export interface Caption {
  type: "caption";
  line: number;
  text: string;
  final?: boolean;
  language?: string;
}

/** What becomes of what you say: `on`: captions; `unable`: none, your browser has no speech recognition;
 * `failed`: none, it does not answer; `declined`: none, you have not agreed; `off`: you are not speaking. */
export interface Captioning {
  type: "captioning";
  state: Captioned;
}

/** One step of a direct connection to `to`, passed on as it is (`signalled`): an offer, an answer, what
 * candidates were found since. `call` is chosen by whoever begins; it tells the tries apart. `purpose`: a
 * call, which only two people who are alone in a class may have, or files, which any two may send each
 * other. Either only where the school allows direct connections: else refused with `not_direct`. */
export interface Signal {
  type: "signal";
  to: string;
  call: string;
  purpose?: Purpose;
  description?: Description | null;
  candidates?: Candidate[];
}

/** Ask `to` whether they take these files, which then go from browser to browser. `key` is chosen by the
 * page and names the transfer from here on; it is in the `refused` as well. `to` gets `files_offered`. */
export interface OfferFiles {
  type: "offer_files";
  to: string;
  key: string;
  files: FileInfo[];
}

/** Say to the other side of transfer `key` what becomes of it; they get `files_settled`. Accepted: the
 * sender may connect, with `signal`. Failed: this side cannot go on, its disk is full or a file is gone. */
export interface SettleFiles {
  type: "settle_files";
  to: string;
  key: string;
  verdict: Verdict;
}

/** Take the screen before you publish one, or give it back (`on` false). Teachers need not have it; of all
 * others one at a time does, until they give it back, leave, or a teacher stops it. Answered by
 * `screen_granted`. */
export interface ShareScreen {
  type: "share_screen";
  on: boolean;
}

/** Sign of life: after 20 s of silence, and after 64 KiB of whatever came. `seen` is the last `seq` this
 * page has handled: a page that falls far behind (2 MiB) is cut off (close code 4408) and resumes. */
export interface Ping {
  type: "ping";
  n: number;
  seen?: number | null;
}

/** First message after connecting, and again on every change until the page has joined: who is here (at
 * most five names; nobody for who has to be let in), and whether the class is on. `now` is the server's
 * clock. */
export interface Hello {
  type: "hello";
  now: Time;
  session: Session;
  you: You;
  here: number;
  names: string[];
}

/** You are in: everything there is to show as of `seq`. Events that follow count on from it. `messages`
 * are the last 200 that you may read (`earlier`: there are older ones), `materials` all, both oldest first.
 * `private_chat`: whether the school lets students write to each other privately. `consent`: whether you
 * agreed to being recorded, none if you have not said; `asks_consent`: whether you are recorded only if you
 * do. `direct_calls`: whether two people alone here may connect directly, while the class is not recorded
 * and both may send everything. `lead`: who leads the class, here or away; `barred`: for those who lead,
 * else empty. `polls`: all, as you may see them. */
export interface Joined {
  type: "joined";
  now: Time;
  seq: number;
  you: string;
  started_at: Time;
  participants: Participant[];
  messages: ChatMessage[];
  earlier: boolean;
  private_chat: boolean;
  materials: Material[];
  recording: RecordingNow | null;
  consent: boolean | null;
  asks_consent: boolean;
  media: Media;
  direct_calls: boolean;
  rules: ClassRules;
  lead: string | null;
  barred: BarredPerson[];
  polls: Poll[];
  captions: CaptionsNow;
}

/** You are back: keep what you have; the events you missed, from `seq` + 1, follow in order. Comes
 * instead of `joined` when `since` was given and not too much was missed. `polls`: all as they are now, your
 * vote in them; `consent` and `asks_consent` as in `joined`. */
export interface Resumed {
  type: "resumed";
  now: Time;
  seq: number;
  you: string;
  started_at: Time;
  media: Media;
  direct_calls: boolean;
  private_chat: boolean;
  consent: boolean | null;
  asks_consent: boolean;
  polls: Poll[];
  captions: CaptionsNow;
}

/** You are in the waiting room, `since` then: nothing of the class is told before you are let in. That
 * comes as a `hello` with your place; a connection that is lost and comes back with `join` keeps the
 * place. */
export interface Waiting {
  type: "waiting";
  since: Time;
}

/** To those who lead: who waits, longest first; after `joined` where there is somebody, after `resumed`,
 * and on every change. */
export interface WaitingRoom {
  type: "waiting_room";
  people: WaitingPerson[];
}

/** A fresh token, sent before the last one expires and when your rights have changed: for the next
 * connection to the media server. */
export interface MediaToken {
  type: "media_token";
  media: Media;
}

/** As you asked: with this token, and the rights that you have at the media server by now, you may
 * publish a screen, or (after `on` false) no longer. */
export interface ScreenGranted {
  type: "screen_granted";
  on: boolean;
  media: Media;
}

/** Ways to the media server for those who do not reach it directly, in the order to try them: before
 * `joined` and `resumed`, and anew when half their time is over; empty when there are none any more. For the
 * next connection: one that is up stays up. The credentials last until `expires_at`.
 * `call_servers` are for a direct connection beside the one to the media server. */
export interface IceServers {
  type: "ice_servers";
  servers: IceServer[];
  call_servers: IceServer[];
  expires_at: Time;
}

/** Whether two people who are alone in this class may connect directly, when that has changed since
 * `joined` or `resumed`. Not any more: direct connections end. */
export interface DirectCalls {
  type: "direct_calls";
  allowed: boolean;
}

/** What the school has chosen now, when that is otherwise than told last: as in `joined`. */
export interface SchoolChanged {
  type: "school_changed";
  private_chat: boolean;
  asks_consent: boolean;
}

/** The rules as they are now: after what was missed (`resumed`), and when the school or the course has
 * another waiting room. */
export interface Rules {
  type: "rules";
  rules: ClassRules;
}

/** Who is barred, for those who lead: when you have become one of them or are back as one, and when
 * somebody is barred. */
export interface Barred {
  type: "barred";
  people: BarredPerson[];
}

/** You were removed from the class, for `reason` if one was given; the socket closes (4403). `barred`:
 * there is no way back. */
export interface Removed {
  type: "removed";
  reason: string;
  barred: boolean;
}

/** How many seconds of the recording are safely stored, every few seconds while a teacher is here: of the
 * sound, and of the screen or else a camera, none where there is none. `trouble`: why the recording is at
 * risk, for people. */
export interface RecordingSafe {
  type: "recording_safe";
  sound: number | null;
  screen: number | null;
  trouble: string | null;
}

/** The media server restarts in about `seconds`: sound and video then pause for a moment and come back by
 * themselves. */
export interface MediaLeaving {
  type: "media_leaving";
  seconds: number;
}

/** The media server is gone or out of sight. What still flows goes on, and so does all else. Whose own
 * connection to it is cut does not try before `media_back`. */
export interface MediaLost {
  type: "media_lost";
}

/** The media server is there again. `restarted`: it knows nobody, all connect anew with the last token;
 * otherwise only those whose connection was cut do. At some moment of the next `spread` milliseconds, so
 * that a large class does not come back all at once. */
export interface MediaBack {
  type: "media_back";
  restarted: boolean;
  spread: number;
}

/** You joined from another tab or device; this socket is put out and closes (4409). */
export interface Moved {
  type: "moved";
}

/** A "no": `text` says why and `mend` what to do, both for people. `re` is the `type` of the message
 * refused (none if it could not be read), `key` that of a refused `say`, `message` the number of one that
 * was to be changed, `retry_at` when to try again. */
export interface Refused {
  type: "refused";
  code: RefusalCode;
  text: string;
  mend: string | null;
  re: string | null;
  key: string | null;
  message: number | null;
  retry_at: Time | null;
}

/** Answer to `history`: up to 200 messages before number `before` that you may read, oldest first; `more`:
 * there are still older ones. */
export interface Earlier {
  type: "earlier";
  before: number;
  messages: ChatMessage[];
  more: boolean;
}

/** How people react to what goes on, gathered over half a second. No event: it has no number and is in no
 * snapshot. */
export interface Reactions {
  type: "reactions";
  reactions: RoomReaction[];
}

/** All polls as you see them now, when your role has changed. */
export interface Polls {
  type: "polls";
  polls: Poll[];
}

/** Your vote on `poll` is stored. */
export interface VoteNoted {
  type: "vote_noted";
  poll: number;
  chosen: number[];
}

/** Whether you agree to being recorded, as it is kept. */
export interface ConsentNoted {
  type: "consent_noted";
  given: boolean;
}

/** Captions are wanted, or allowed, otherwise than told last. */
export interface CaptionsChanged {
  type: "captions_changed";
  captions: CaptionsNow;
}

/** What `by` says, to who wants captions: as `caption`. */
export interface Subtitle {
  type: "subtitle";
  by: string;
  line: number;
  text: string;
  final: boolean;
  language: string;
}

/** What becomes of what `by` says, to who wants captions: as `captioning`. */
export interface CaptioningNow {
  type: "captioning_now";
  by: string;
  state: Captioned;
}

/** Answer to `ping`. */
export interface Pong {
  type: "pong";
  n: number;
}

/** What `by` has sent with `signal`. */
export interface Signalled {
  type: "signalled";
  by: string;
  call: string;
  purpose: Purpose;
  description: Description | null;
  candidates: Candidate[];
}

/** `by` asks with `offer_files` whether you take these. */
export interface FilesOffered {
  type: "files_offered";
  by: string;
  key: string;
  files: FileInfo[];
}

/** What `by` has said with `settle_files`. */
export interface FilesSettled {
  type: "files_settled";
  by: string;
  key: string;
  verdict: Verdict;
}

/** To teachers: `by` has marked the moment `at` as a chapter of the recording. */
export interface MomentMarked {
  type: "moment_marked";
  at: Time;
  title: string;
  by: string;
}

/** To teachers: how many people have said within the last minute that they cannot follow. */
export interface PeopleLost {
  type: "people_lost";
  count: number;
}

/** The teachers have been told that somebody is lost, and not who. */
export interface LostNoted {
  type: "lost_noted";
}

/** The first teacher came in. */
export interface ClassStarted {
  type: "class_started";
  seq: number;
  at: Time;
}

/** Came in; also after a lost connection that everyone had been told of. Of somebody who is here already:
 * something about them, such as the name, is another by now. */
export interface ParticipantJoined {
  type: "participant_joined";
  seq: number;
  at: Time;
  participant: Participant;
}

/** `participant` left, lost the connection, or was removed: by `by`, and perhaps `barred`; `sent_back`: to
 * the waiting room, by `by`. */
export interface ParticipantLeft {
  type: "participant_left";
  seq: number;
  at: Time;
  participant: string;
  why: Going;
  by: string | null;
  barred: boolean;
}

/** Something private between two others. That its number is taken is all that anybody else learns of it,
 * now and in every replay. */
export interface Withheld {
  type: "withheld";
  seq: number;
  at: Time;
}

/** Somebody wrote to everyone, or to you, or you to somebody. In a replay the message is as it is now. */
export interface Said {
  type: "said";
  seq: number;
  at: Time;
  message: ChatMessage;
}

/** Its writer has changed `message`. In a replay the text is that of now. */
export interface MessageEdited {
  type: "message_edited";
  seq: number;
  at: Time;
  message: number;
  text: string;
  edited_at: Time | null;
}

/** `message` was taken back, by its writer or a teacher. */
export interface MessageDeleted {
  type: "message_deleted";
  seq: number;
  at: Time;
  message: number;
  deleted: Deleted;
}

/** `participant` put an emoji on `message`, or took it off; it is there `count` times now. */
export interface Reacted {
  type: "reacted";
  seq: number;
  at: Time;
  message: number;
  emoji: Emoji;
  participant: string;
  on: boolean;
  count: number;
  names: string[];
}

/** Raised at `at`. */
export interface HandRaised {
  type: "hand_raised";
  seq: number;
  at: Time;
  participant: string;
}

/** `by` is `participant` or the teacher who lowered it. */
export interface HandLowered {
  type: "hand_lowered";
  seq: number;
  at: Time;
  participant: string;
  by: string;
}

/** `by` lowered all hands. */
export interface HandsLowered {
  type: "hands_lowered";
  seq: number;
  at: Time;
  by: string;
}

/** `by` ended the microphone, camera or shared screen of `participant`; none: of all students. */
export interface Stopped {
  type: "stopped";
  seq: number;
  at: Time;
  what: Stoppable;
  participant: string | null;
  by: string;
}

/** `by` asked `participant` to turn the microphone on. */
export interface AskedToUnmute {
  type: "asked_to_unmute";
  seq: number;
  at: Time;
  participant: string;
  by: string;
}

/** `by` gave `participant` the word; their hand is down. */
export interface MaySpeak {
  type: "may_speak";
  seq: number;
  at: Time;
  participant: string;
  by: string;
}

/** `by` gave `participant` the screen, and asks them to share it. */
export interface MayShare {
  type: "may_share";
  seq: number;
  at: Time;
  participant: string;
  by: string;
}

/** These are the rules now. With a change of `mic` nobody has the word any more, with one of
 * `screen` nobody was given that. */
export interface RulesChanged {
  type: "rules_changed";
  seq: number;
  at: Time;
  rules: ClassRules;
  by: string;
}

/** `participant`, whom nobody sees yet, waits to be let in. Names are told to those who lead. */
export interface Knocked {
  type: "knocked";
  seq: number;
  at: Time;
  participant: string;
}

/** `participant` no longer waits, by themselves. */
export interface StoppedWaiting {
  type: "stopped_waiting";
  seq: number;
  at: Time;
  participant: string;
}

/** `by` let `participants` in, who waited: they may come, and do so by themselves. */
export interface EntryGranted {
  type: "entry_granted";
  seq: number;
  at: Time;
  participants: string[];
  by: string;
}

/** `by` turned `participant` away, who waited. */
export interface EntryDenied {
  type: "entry_denied";
  seq: number;
  at: Time;
  participant: string;
  by: string;
}

/** `by` let `participant`, who was barred, come in again. */
export interface Admitted {
  type: "admitted";
  seq: number;
  at: Time;
  participant: string;
  by: string;
}

/** `by` made `participant` a co-teacher (teacher) or a student again; their hand is down. */
export interface RoleChanged {
  type: "role_changed";
  seq: number;
  at: Time;
  participant: string;
  role: Role;
  by: string;
}

/** `participant` leads the class now. `by`: who handed it over; none: the last one was away. */
export interface LeadChanged {
  type: "lead_changed";
  seq: number;
  at: Time;
  participant: string;
  by: string | null;
}

/** There is another file for everybody. */
export interface MaterialAdded {
  type: "material_added";
  seq: number;
  at: Time;
  material: Material;
}

/** A file for everybody is gone. */
export interface MaterialRemoved {
  type: "material_removed";
  seq: number;
  at: Time;
  id: string;
}

/** The class is recorded from now on, or paused, or no longer (none). */
export interface RecordingChanged {
  type: "recording_changed";
  seq: number;
  at: Time;
  recording: RecordingNow | null;
}

/** A poll was begun. In a replay it is as it is now. */
export interface PollStarted {
  type: "poll_started";
  seq: number;
  at: Time;
  poll: Poll;
}

/** There are votes: `counts` for each choice, of `voters` people. `votes`: those that are new or changed,
 * of a poll by name, for those who lead. Votes within a second are told together. Students get `withheld` in
 * its place unless the poll is `live`. */
export interface PollCounted {
  type: "poll_counted";
  seq: number;
  at: Time;
  poll: number;
  counts: number[];
  voters: number;
  votes: PollVote[];
}

/** A poll is over: this is its result. It also ends with the class. */
export interface PollEnded {
  type: "poll_ended";
  seq: number;
  at: Time;
  poll: number;
  counts: number[];
  voters: number;
  ended_at: Time | null;
}

/** `by` puts the result of `poll` before everybody. */
export interface PollShown {
  type: "poll_shown";
  seq: number;
  at: Time;
  poll: number;
  by: string;
}

/** `poll` is gone, and in every replay too. */
export interface PollDeleted {
  type: "poll_deleted";
  seq: number;
  at: Time;
  poll: number;
}

/** The class is over for everyone; from here on everything but `ping` is refused with `ended`. `by` is
 * none when it was not ended from inside. */
export interface ClassEnded {
  type: "class_ended";
  seq: number;
  at: Time;
  by: string | null;
}

export type ClientMessage =
  | Join
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
  | Ping;

export type SessionEvent =
  | ClassStarted
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
  | ClassEnded;

export type ServerMessage =
  | Hello
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
  | Signalled
  | FilesOffered
  | FilesSettled
  | MomentMarked
  | PeopleLost
  | LostNoted
  | ClassStarted
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
  | ClassEnded;

// What the page's parts may ask for. main.js is the only one that knows how it is done.
import type { Admit, Appoint, AskToUnmute, DeletePoll, Emoji, EndPoll, GiveScreen, HandLead, LetIn, LetSpeak, LowerHands, Remove, SendBack, SetRules, ShowPoll, Stop, TurnAway } from "../classroom/protocol";
import type { Told } from "../media/echo";
import type { Alerts, CaptionsChosen, Corner, DeviceKind, EffectsChosen, Gathering, OutputKind, PollDraft, State } from "../state/types";
import type { PageData } from "../state/state";

export type Leading = Stop | AskToUnmute | LowerHands | LetSpeak | GiveScreen | SetRules | Remove | SendBack | LetIn | TurnAway | Admit | Appoint | HandLead | EndPoll | ShowPoll | DeletePoll;

export interface Act {
  join(): void;
  stopWaiting(): void;
  leave(): void;
  joinAgain(): void;
  useHere(): void;
  endClass(): void;
  toggle(device: DeviceKind): void;
  tryAgain(device: DeviceKind): void;
  giveUp(device: DeviceKind): void;
  choose(device: OutputKind, id: string): void;
  /** What is done to sound and picture before they are sent. */
  treat(change: Partial<EffectsChosen>): void;
  /** Have the address of one's own background in the state. */
  seeOwnPicture(): void;
  /** Keep a picture on this device and be seen before it; null: forget it. */
  ownPicture(file: File | null): void;
  /** Record the microphone and play it; the returned function breaks it off. */
  echo(told: (told: Told) => void): () => void;
  share(): void;
  soundOn(): void;
  /** To the media server without UDP, or with it again. */
  tryAnotherWay(): void;
  hand(): void;
  lowerHand(participant: string): void;
  /** Change what is being written. */
  write(draft: Partial<State["draft"]>): void;
  /** Send it; with files it is said as soon as they are there. */
  send(): void;
  /** Files for the message that is being written: they leave when it is sent. */
  attach(files: File[]): void;
  /** Leave one out again, also of what is not sent yet. */
  detach(upload: string): void;
  deleteMessage(message: number): void;
  reactTo(message: number, emoji: Emoji, on: boolean): void;
  /** To what goes on in the class. */
  react(emoji: Emoji): void;
  loadEarlier(): void;
  saveChat(kind: "txt" | "csv" | "json"): void;
  /** Show a notice in words. */
  tell(words: string): void;
  sayAgain(key: string): void;
  /** Give up a message that is not sent. */
  unsay(key: string): void;
  /** The microphone on, whatever it is now. */
  unmute(): void;
  /** What those who lead ask of the class. */
  lead(message: Leading): void;
  /** Write a poll; null: give it up. */
  draftPoll(draft: Partial<PollDraft> | null): void;
  askPoll(draft: PollDraft): void;
  askYesNo(): void;
  vote(poll: number, chosen: number[]): void;
  /** To read captions, and to have one's own words captioned. */
  caption(change: Partial<CaptionsChosen>): void;
  record(wanted: "on" | "paused" | "off"): void;
  /** Whether this person agrees to being recorded. */
  consent(given: boolean): void;
  /** A chapter of the recording, so many seconds back. */
  markMoment(title: string, ago: number): void;
  lostHere(): void;
  /** For everybody in the class. */
  addMaterials(files: File[]): void;
  cancelUpload(key: string): void;
  removeMaterial(id: string): void;
  /** At most twenty at once. */
  sendFiles(participant: string, files: File[]): void;
  answerFiles(key: string, yes: boolean): void;
  cancelFiles(key: string): void;
  saveFiles(key: string): void;
  forgetFiles(key: string): void;
  openPanel(panel: State["panel"]): void;
  turnPage(page: number): void;
  arrange(layout: State["layout"]): void;
  /** Keep somebody on the stage; null: nobody. */
  pin(participant: string | null): void;
  moveOwn(corner: Corner): void;
  /** How loud one hears somebody and the sound of their screen, 0–1. */
  hear(participant: string, volume: number): void;
  /** All cameras, however hard it is for this device. */
  showAll(on: boolean): void;
  /** No cameras, one's own neither, until it is taken back: the own one then stays off. */
  soundOnly(on: boolean): void;
  /** Whether the small window opens by itself. */
  floats(on: boolean): void;
  noticeOver(n: number): void;
  /** What this person wants to hear of; a sound that is turned on is heard. */
  alert(chosen: Partial<Alerts>): void;
  /** Tell screen readers what has come together of a kind. */
  sayGathered(kind: Gathering["kind"]): void;
  /** Calls back with the microphone's level, 0–1, until the returned function is called. */
  onLevel(heard: (level: number) => void): () => void;
}

/** Every part gets these. */
export interface Props {
  state: State;
  act: Act;
  page: PageData;
}

/**
 * The classroom socket as this page uses it: keeps itself connected, counts events, resumes with what was seen last,
 * and, once what was missed has come, sends again what the server has not confirmed. Knows no DOM and no words.
 * @typedef {import("./protocol").ClientMessage} ClientMessage
 * @typedef {import("./protocol").ServerMessage} ServerMessage
 * @typedef {import("./protocol").EditMessage | import("./protocol").DeleteMessage | import("./protocol").ReactTo} Change
 * @typedef {import("./protocol").AskPoll} AskPoll
 * @typedef {import("./protocol").Vote} Vote
 */

const PING_EVERY = 20_000;
const SEEN_EVERY = 64 * 1024; // characters of what comes: the server waits for 2 MiB
const ANSWER_WITHIN = 10_000;
const HELLO_WITHIN = 10_000;
const FIRST_RETRY = 400;
const SLOWEST_RETRY = 10_000;

const SIGNED_OUT = 4401;
const BARRED = 4403;
const MOVED = 4409;
const TOO_FAST = 4429;
const RESTARTS = 1012;

const HANDS = ["hand_raised", "hand_lowered", "may_speak", "role_changed"];

/** What the socket needs of the world; tests bring their own. */
const world = {
  open: (/** @type {string} */ url) => /** @type {any} */ (new WebSocket(url)),
  after: (/** @type {number} */ ms, /** @type {() => void} */ then) => /** @type {any} */ (setTimeout(then, ms)),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
  random: () => Math.random(),
};

export class ClassroomSocket {
  /**
   * @param {string} url
   * @param {{heard: (message: ServerMessage) => void, opened: () => void, lost: () => void, signedOut: () => void}} page
   * @param {Partial<typeof world>} [parts]
   */
  constructor(url, page, parts = {}) {
    this.url = url;
    this.page = page;
    this.world = { ...world, ...parts };
    this.seen = 0;
    this.inside = false;
    this.entering = false;
    /** Inside, with a connection, and told of all that was missed. */
    this.ready = false;
    this.tries = 0;
    this.pings = 0;
    /** The ping whose answer comes after what was missed. @type {number | null} */
    this.replayed = null;
    this.unconfirmed = 0;
    this.closed = false;
    /** Sent until confirmed: what was typed, by key. @type {Map<string, ClientMessage>} */
    this.unsaid = new Map();
    /** Changes of messages, until told of. @type {Map<string, Change>} */
    this.changes = new Map();
    /** The last vote, until it is noted. @type {Vote | null} */
    this.ballot = null;
    /** The last wish about one's own hand. @type {"raise_hand" | "lower_hand" | null} */
    this.hand = null;
    /** The last word on being recorded, until it is noted. @type {boolean | null} */
    this.consented = null;
    /** Other messages asked for while there was no connection. @type {ClientMessage[]} */
    this.queue = [];
    /** @type {any} */ this.socket = null;
    /** @type {any} */ this.timer = null;
    /** @type {any} */ this.watch = null;
    /** @type {string | null} */ this.you = null;
  }

  connect() {
    if (this.closed || this.socket) return;
    this.world.cancel(this.timer);
    const socket = this.world.open(this.url);
    this.socket = socket;
    this.expect(HELLO_WITHIN);
    socket.onmessage = (/** @type {{data: string}} */ { data }) => {
      this.hear(JSON.parse(data));
      this.confirm(data.length);
    };
    socket.onclose = (/** @type {{code: number}} */ { code }) => this.fell(socket, code);
  }

  /** The network came back, the page is in front again: do not wait for the next try. */
  retryNow() {
    if (this.socket || this.closed) return;
    this.tries = 0;
    this.connect();
  }

  /** Enter the class. What was wished for in an earlier stay, and the page shows no more, is not done in this one. */
  join() {
    this.inside = this.ready = false;
    this.entering = true;
    this.seen = 0;
    this.hand = this.consented = null;
    this.queue = [];
    this.send({ type: "join" });
  }

  /** Ask for what was missed and a fresh media token. */
  resume() {
    if (this.inside) this.send({ type: "join", since: this.seen });
  }

  leave() {
    this.forget();
    this.send({ type: "leave" });
  }

  /** What was not told to the class yet is not told in another stay. */
  forget() {
    this.inside = this.entering = this.ready = false;
    this.ballot = null;
    this.unsaid.clear();
    this.changes.clear();
  }

  /** @param {string} key @param {string} text @param {{to?: string, reply?: number, files?: string[]}} [more] */
  say(key, text, more = {}) {
    const message = /** @type {const} */ ({ type: "say", key, text, ...more });
    this.unsaid.set(key, message);
    if (this.ready) this.send(message);
  }

  /** A message of before: sent again until the class has heard of it. @param {Change} message */
  change(message) {
    this.changes.set(changed(message), message);
    if (this.ready) this.send(message);
  }

  /** Sent again until it is told of: the key keeps it from being asked twice. @param {AskPoll} message */
  ask(message) {
    this.unsaid.set(message.key, message);
    if (this.ready) this.send(message);
  }

  /** @param {Vote} message */
  vote(message) {
    this.ballot = message;
    if (this.ready) this.send(message);
  }

  raiseHand() {
    this.wish("raise_hand");
  }

  /** @param {string} [participant] a teacher lowers somebody's hand */
  lowerHand(participant) {
    if (participant) this.later({ type: "lower_hand", participant });
    else this.wish("lower_hand");
  }

  /** Whether one is recorded from now on. @param {boolean} given */
  consent(given) {
    this.consented = given;
    if (this.ready) this.send({ type: "consent", given });
  }

  endClass() {
    this.later({ type: "end_class" });
  }

  /** For good: nothing is sent or retried any more. */
  close() {
    this.closed = true;
    this.ready = false;
    this.world.cancel(this.timer);
    this.world.cancel(this.watch);
    this.socket?.close(1000);
    this.socket = null;
  }

  /** Start over after having been put out (`moved`). */
  reopen() {
    this.closed = false;
    this.socket = null;
    this.tries = 0;
    this.connect();
  }

  /** @param {ClientMessage} message @returns {boolean} whether it left */
  send(message) {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** @param {ClientMessage} message */
  later(message) {
    if (!this.ready || !this.send(message)) this.queue.push(message);
  }

  /** @param {"raise_hand" | "lower_hand"} type */
  wish(type) {
    this.hand = type;
    if (this.ready) this.send({ type });
  }

  /** @param {ServerMessage} message */
  hear(message) {
    this.expect(PING_EVERY);
    if ("seq" in message && message.type !== "joined" && message.type !== "resumed") {
      if (this.repeats(message)) return;
      this.seen = message.seq;
    }
    if (message.type === "hello" && message.you.lobby === "turned_away") this.entering = false;
    if (message.type === "hello") this.greeted();
    if (message.type === "joined" || message.type === "resumed") this.entered(message);
    if (message.type === "waiting") this.putBack();
    if (message.type === "said") this.unsaid.delete(message.message.key);
    if (message.type === "refused" && message.key) this.unsaid.delete(message.key);
    if (message.type === "refused" && message.re === "join") this.inside = this.entering = this.ready = false;
    this.settleHand(message);
    this.settleConsent(message);
    this.settleChange(message);
    this.settlePoll(message);
    this.page.heard(message);
    if (message.type === "pong" && message.n === this.replayed && this.inside) this.sendWhatWaits();
    if (message.type === "moved") this.close();
  }

  /** @param {import("./protocol").SessionEvent} event */
  repeats(event) {
    if (event.seq > this.seen) return false;
    if (event.type === "said" && this.unsaid.delete(event.message.key)) this.page.heard(event);
    return true;
  }

  greeted() {
    if (this.socket.greeted) return;
    this.socket.greeted = true;
    this.tries = 0;
    this.page.opened();
    if (this.inside) this.resume();
    else if (this.entering) this.send({ type: "join" });
  }

  /** @param {import("./protocol").Joined | import("./protocol").Resumed} message */
  entered(message) {
    this.inside = true;
    this.entering = this.ready = false;
    this.you = message.you;
    this.seen = message.type === "joined" ? message.seq : Math.max(this.seen, 0);
    for (const { key } of message.polls ?? []) this.unsaid.delete(key);
    if (message.type === "joined") {
      this.settleByWhatIs(message);
      this.sendWhatWaits();
    } else if (this.ping()) this.replayed = this.pings;
  }

  /** In the waiting room; perhaps from inside. A new connection asks again to come in. */
  putBack() {
    if (this.inside) this.forget();
    this.entering = true;
  }

  sendWhatWaits() {
    this.replayed = null;
    this.ready = true;
    const ballot = this.ballot ? [this.ballot] : [];
    const hand = this.hand ? [{ type: this.hand }] : [];
    const consent = this.consented === null ? [] : [{ type: /** @type {const} */ ("consent"), given: this.consented }];
    const waiting = [...this.unsaid.values(), ...ballot, ...this.changes.values(), ...hand, ...consent, ...this.queue];
    this.queue = [];
    for (const each of waiting) this.send(each);
  }

  /** What a snapshot shows as it was wished for is done: nothing tells of it any more. @param {import("./protocol").Joined} message */
  settleByWhatIs({ messages, participants }) {
    const shown = new Map(messages.map((each) => [each.id, each]));
    for (const [key, change] of this.changes) if (isMade(change, shown.get(change.message))) this.changes.delete(key);
    const raised = Boolean(participants.find(({ id }) => id === this.you)?.hand);
    if (this.hand === (raised ? "raise_hand" : "lower_hand")) this.hand = null;
  }

  /** A hand is dealt with also where one is let speak, all hands are lowered, or one's role changes. @param {ServerMessage} message */
  settleHand(message) {
    const own = HANDS.includes(message.type) && "participant" in message && message.participant === this.you;
    if (own || message.type === "hands_lowered" || (message.type === "refused" && message.re === this.hand)) this.hand = null;
  }

  /** @param {ServerMessage} message */
  settleConsent(message) {
    if (message.type === "consent_noted" && message.given === this.consented) this.consented = null;
    if (message.type === "refused" && message.re === "consent") this.consented = null;
  }

  /** @param {ServerMessage} message */
  settleChange(message) {
    if (message.type === "message_edited") this.changes.delete(`edit_message ${message.message}`);
    if (message.type === "message_deleted") for (const type of ["edit_message", "delete_message"]) this.changes.delete(`${type} ${message.message}`);
    if (message.type === "reacted" && message.participant === this.you) this.changes.delete(`react_to ${message.message} ${message.emoji}`);
    if (message.type !== "refused" || message.message === null) return;
    for (const [key, each] of this.changes) if (each.type === message.re && each.message === message.message) this.changes.delete(key);
  }

  /** @param {ServerMessage} message */
  settlePoll(message) {
    if (message.type === "poll_started") this.unsaid.delete(message.poll.key);
    if (message.type === "vote_noted" && same(message, this.ballot)) this.ballot = null;
    if ((message.type === "poll_ended" || message.type === "poll_deleted") && message.poll === this.ballot?.poll) this.ballot = null;
    if (message.type === "refused" && message.re === "vote") this.ballot = null;
  }

  /** Say now and then what was seen, so that the server knows that this page follows. @param {number} size */
  confirm(size) {
    this.unconfirmed += size;
    if (this.unconfirmed >= SEEN_EVERY) this.ping();
  }

  /** @returns {boolean} whether it left */
  ping() {
    this.unconfirmed = 0;
    return this.send({ type: "ping", n: ++this.pings, seen: this.seen });
  }

  /** Something has to arrive within `ms`; otherwise ask, and give the connection up when nothing answers. @param {number} ms */
  expect(ms) {
    this.world.cancel(this.watch);
    this.watch = this.world.after(ms, () => {
      if (!this.socket) return;
      if (!this.socket.greeted || !this.ping()) return this.drop();
      this.watch = this.world.after(ANSWER_WITHIN, () => this.drop());
    });
  }

  /** A dead connection may take minutes to close: do not wait for it. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    this.fell(socket, 1006);
    socket.close();
  }

  /** @param {any} socket @param {number} code */
  fell(socket, code) {
    if (socket !== this.socket) return;
    this.socket = null;
    this.ready = false;
    this.world.cancel(this.watch);
    if (this.closed) return;
    if (code === SIGNED_OUT) this.page.signedOut();
    if (code === SIGNED_OUT || code === BARRED || code === MOVED) {
      this.closed = true;
      return;
    }
    this.page.lost();
    this.timer = this.world.after(this.pause(code), () => this.connect());
  }

  /** @param {number} code @returns {number} ms until the next try, spread so that a class does not return in one burst */
  pause(code) {
    if (code === TOO_FAST) return SLOWEST_RETRY;
    const growing = Math.min(SLOWEST_RETRY, FIRST_RETRY * 2 ** this.tries++);
    return (code === RESTARTS ? FIRST_RETRY : growing) * (0.5 + this.world.random());
  }
}

/** What a later change of the same takes the place of. @param {Change} message */
const changed = (message) => [message.type, message.message, "emoji" in message ? message.emoji : ""].join(" ").trim();

/** Whether a message shows a change already. @param {Change} change @param {import("./protocol").ChatMessage | undefined} message */
function isMade(change, message) {
  if (!message) return false;
  if (change.type === "react_to") return change.on === Boolean(message.reactions.find(({ emoji }) => emoji === change.emoji)?.mine);
  return Boolean(message.deleted) || (change.type === "edit_message" && message.text === change.text);
}

/** @param {{poll: number, chosen: number[]}} noted @param {Vote | null} sent */
const same = (noted, sent) => noted.poll === sent?.poll && String(noted.chosen) === String(sent.chosen);

/**
 * The classroom socket as this page uses it: keeps itself connected, counts events, resumes with what was seen last,
 * and sends again what was typed until the server has confirmed it. Knows no DOM and no words.
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
    this.tries = 0;
    this.pings = 0;
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

  /** Enter the class. */
  join() {
    this.inside = false;
    this.entering = true;
    this.seen = 0;
    this.send({ type: "join" });
  }

  /** Ask for what was missed and a fresh media token. */
  resume() {
    if (this.inside) this.send({ type: "join", since: this.seen });
  }

  leave() {
    this.inside = this.entering = false;
    this.hand = this.ballot = null;
    this.unsaid.clear();
    this.changes.clear();
    this.send({ type: "leave" });
  }

  /** @param {string} key @param {string} text @param {{to?: string, reply?: number, files?: string[]}} [more] */
  say(key, text, more = {}) {
    const message = /** @type {const} */ ({ type: "say", key, text, ...more });
    this.unsaid.set(key, message);
    if (this.inside) this.send(message);
  }

  /** A message of before: sent again until the class has heard of it. @param {Change} message */
  change(message) {
    this.changes.set(changed(message), message);
    if (this.inside) this.send(message);
  }

  /** Sent again until it is told of: the key keeps it from being asked twice. @param {AskPoll} message */
  ask(message) {
    this.unsaid.set(message.key, message);
    if (this.inside) this.send(message);
  }

  /** @param {Vote} message */
  vote(message) {
    this.ballot = message;
    if (this.inside) this.send(message);
  }

  raiseHand() {
    this.wish("raise_hand");
  }

  /** @param {string} [participant] a teacher lowers somebody's hand */
  lowerHand(participant) {
    if (participant) this.later({ type: "lower_hand", participant });
    else this.wish("lower_hand");
  }

  endClass() {
    this.later({ type: "end_class" });
  }

  /** For good: nothing is sent or retried any more. */
  close() {
    this.closed = true;
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
    if (!this.inside || !this.send(message)) this.queue.push(message);
  }

  /** @param {"raise_hand" | "lower_hand"} type */
  wish(type) {
    this.hand = type;
    if (this.inside) this.send({ type });
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
    if (message.type === "said") this.unsaid.delete(message.message.key);
    if (message.type === "refused" && message.key) this.unsaid.delete(message.key);
    if (message.type === "refused" && message.re === "join") this.inside = this.entering = false;
    this.settleHand(message);
    this.settleChange(message);
    this.settlePoll(message);
    this.page.heard(message);
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
    this.entering = false;
    this.you = message.you;
    this.seen = message.type === "joined" ? message.seq : Math.max(this.seen, 0);
    for (const { key } of message.polls ?? []) this.unsaid.delete(key);
    const waiting = [...this.unsaid.values(), ...(this.ballot ? [this.ballot] : []), ...this.changes.values(), ...(this.hand ? [{ type: this.hand }] : []), ...this.queue];
    this.queue = [];
    for (const each of waiting) this.send(/** @type {ClientMessage} */ (each));
  }

  /** @param {ServerMessage} message */
  settleHand(message) {
    const settled =
      (message.type === "hand_raised" || message.type === "hand_lowered") && message.participant === this.you;
    if (settled || (message.type === "refused" && message.re === this.hand)) this.hand = null;
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

/** @param {{poll: number, chosen: number[]}} noted @param {Vote | null} sent */
const same = (noted, sent) => noted.poll === sent?.poll && String(noted.chosen) === String(sent.chosen);

/** Stands in for the classroom socket: answers from `scenario`, hands what the page asks for to `asked`. */
const id = (n) => String(n).padStart(32, "0");
const NAMES = ["Teacher", "Ash", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan", "Spruce", "Willow", "Alder", "Yew", "Beech", "Fir", "Linden", "Aspen"];
const minutes = (n) => new Date(Date.now() + n * 60_000).toISOString();

export class ClassroomSocket {
  constructor(url, page) {
    this.page = page;
    this.scenario = globalThis.scenario;
    globalThis.harness = { hear: (message) => page.heard(message), lose: () => page.lost(), open: () => page.opened(), signOut: () => page.signedOut(), greet: () => this.greet(), asked: [], sent: [], id };
  }
  ask(message) {
    globalThis.harness.asked.push(message);
  }
  connect() {
    setTimeout(() => {
      this.page.opened();
      this.greet();
    }, 10);
  }
  greet() {
    const { session, role, here, elsewhere } = this.scenario;
    this.page.heard({
      type: "hello", now: minutes(0), here: here ?? 19, names: NAMES.slice(0, Math.min(5, here ?? 5)),
      you: { name: this.scenario.name, role, hue: 9, elsewhere: Boolean(elsewhere), locked_out: Boolean(this.scenario.lockedOut), barred: Boolean(this.scenario.barredYou), reason: this.scenario.reason ?? "", lobby: this.scenario.lobby ?? null, place: this.scenario.place ?? null },
      session: { id: id(99), title: "Cell division, part 2", course: "Biology 9b", teacher: "Teacher", state: "live", starts_at: minutes(-24), opens_at: minutes(-34), ends_at: minutes(21), ...session },
    });
  }
  join() {
    this.ask({ type: "join" });
    const { refused, said, people, role, hands = [], name } = this.scenario;
    if (refused) return this.page.heard({ type: "refused", code: refused, text: "", mend: null, re: "join", key: null, retry_at: null, ...said });
    const you = this.scenario.you ?? people - 1;
    const participants = Array.from({ length: people }, (_, n) => ({
      id: id(n), name: n === you ? name : NAMES[n % NAMES.length], role: n === 0 || this.scenario.coTeachers?.includes(n) ? "teacher" : n === you ? role : "student", co_teacher: Boolean(this.scenario.coTeachers?.includes(n)), may_speak: false, may_share: false,
      hue: (n * 5) % 12, hand: hands.includes(n) ? minutes(-2 - (hands.length - hands.indexOf(n))) : null, joined_at: minutes(-20 + n / 10),
    }));
    const says = this.scenario.says ?? [[2, "Is anaphase before or after metaphase?"], [0, "Good question, look at the second drawing."], [9, "After! The chromosomes line up first."], [9, "See https://example.org/mitosis for the pictures."]];
    const messages = (this.scenario.silent ? [] : says).map(([n, text], index) => ({
      id: index + 1, key: `k${index}`, participant: id(n), name: NAMES[n], role: n ? "student" : "teacher", hue: (n * 5) % 12, text, at: minutes(-4 + index / 2),
      to: null, reply: null, files: [], reactions: [], edited_at: null, deleted: null, ...this.scenario.more?.[index],
    }));
    this.page.heard({ type: "joined", now: minutes(0), seq: 40, you: id(you), started_at: minutes(-24), participants, messages, earlier: Boolean(this.scenario.earlier), private_chat: this.scenario.privateChat ?? true, polls: this.scenario.polls ?? [], materials: this.scenario.materials ?? [], recording: this.scenario.recording ?? null, consent: null, asks_consent: Boolean(this.scenario.asksConsent), media: { url: "", token: "" }, direct_calls: Boolean(this.scenario.direct), rules: { mic: true, camera: true, screen: true, chat: true, private_chat: true, locked: false, waiting_room: true, captions: true, ...this.scenario.rules }, captions: { allowed: true, wanted: false, ...this.scenario.captions }, lead: id(0), barred: this.scenario.barred ?? [] });
  }
  send(message) {
    if (["react", "history"].includes(message.type)) this.ask(message);
    return Boolean(globalThis.harness.sent.push(message));
  }
  leave() { this.ask({ type: "leave" }); }
  say(key, text, more = {}) { this.ask({ type: "say", key, text, ...more }); }
  change(message) { this.ask(message); }
  raiseHand() { this.ask({ type: "raise_hand" }); }
  lowerHand(participant) { this.ask({ type: "lower_hand", participant }); }
  consent(given) { this.ask({ type: "consent", given }); }
  endClass() { this.ask({ type: "end_class" }); }
  vote(message) { this.ask(message); }
  later(message) { this.ask(message); }
  resume() {}
  retryNow() {}
  reopen() {}
  close() {}
}

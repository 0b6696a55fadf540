import { Receiving } from "/static/js/files/receiving.js";
import { Sending } from "/static/js/files/sending.js";
import { size, standing, told } from "/static/js/files/words.js";
import { equal, ok, test } from "./check.js";

let under = 0; // reads of files: on a busy machine they take their time
const soon = async () => {
  do await new Promise((resolve) => setTimeout(resolve, 10));
  while (under);
};

/** Two ends of a channel; what is sent arrives at once, in order, as long as it is open. */
function channels() {
  const made = [{}, {}].map(() => ({ readyState: "open", bufferedAmount: 0, sent: [] }));
  made.forEach((end, index) => {
    end.send = (data) => {
      if (end.readyState !== "open") throw new Error("closed");
      const copied = typeof data === "string" ? data : data.slice().buffer;
      end.sent.push(copied);
      queueMicrotask(() => made[1 - index].readyState === "open" && made[1 - index].onmessage?.({ data: copied }));
    };
  });
  return made;
}

/** A disk in memory; a digest is the text of all bytes. */
function disk(faults = {}) {
  const text = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").padEnd(64, "0").slice(0, 64);
  let file, seen = [], written = [];
  return {
    open: async (chosen) => { file = chosen; seen = []; },
    read: async (from, many) => {
      under += 1;
      try {
        const piece = new Uint8Array(await file.slice(from, from + many).arrayBuffer());
        if (faults.read) throw new Error(faults.read);
        seen = [...new Uint8Array(await file.slice(0, from + many).arrayBuffer())];
        return piece;
      } finally {
        under -= 1;
      }
    },
    create: async () => { written = []; },
    write: async (piece) => {
      if (faults.write) throw new Error(faults.write);
      written.push(...new Uint8Array(piece));
    },
    digest: async () => text(faults.digest ?? (file ? seen : written)),
    finish: async () => new Blob([new Uint8Array(written)]),
    discard: async () => { faults.discarded = true; },
    close() {},
  };
}

function pair(files, faults = {}) {
  const world = { sender: [], receiver: [], stored: [], lines: [], faults };
  const parts = (told, more) => ({
    makeLine: (ends) => {
      const line = { ...ends, begin() {}, alive() {}, close: () => (line.closed = true) };
      world.lines.push(line);
      return line;
    },
    moved: (moved) => told.push(moved),
    turned: (state) => told.push(state),
    over: (why) => told.push(why ?? "over"),
    ...more,
  });
  world.sending = new Sending(files, parts(world.sender, { disk: disk(faults.out ?? {}) }));
  world.receiving = new Receiving(files, parts(world.receiver, { disk: disk(faults.in ?? {}), stored: (index, blob) => world.stored.push([index, blob]) }));
  world.sending.begin();
  world.receiving.begin();
  world.connect = () => {
    const [out, back] = (world.ends = channels());
    world.lines[0].opened(out);
    world.lines[1].opened(back);
  };
  world.cut = () => {
    world.ends.forEach((end) => (end.readyState = "closed"));
    world.lines.forEach((line) => line.lost());
  };
  return world;
}

const file = (bytes, name = "f") => new File([new Uint8Array(bytes)], name);

test("files arrive in order, each with its hash, an empty one too", async () => {
  const world = pair([file([1, 2, 3]), file([]), file([4])]);
  world.connect();
  await soon();
  await soon();
  const got = await Promise.all(world.stored.map(async ([index, blob]) => [index, [...new Uint8Array(await blob.arrayBuffer())]]));
  equal(got, [[0, [1, 2, 3]], [1, []], [2, [4]]]);
  equal([world.sender.at(-1), world.receiver.at(-1)], ["over", "over"]);
});

test("after a lost connection what is missing is asked for, and nothing else", async () => {
  const world = pair([file([1, 2, 3, 4])]);
  world.connect();
  world.ends[0].onmessage = null; // the sender's words are made up here
  await soon();
  equal(JSON.parse(world.ends[1].sent[0]), { do: "send", file: 0, from: 0 });
  world.ends[1].onmessage({ data: new Uint8Array([1, 2]).buffer });
  world.cut();
  equal(world.receiver.includes("interrupted"), true);
  world.connect();
  await soon();
  equal(JSON.parse(world.ends[1].sent[0]), { do: "send", file: 0, from: 2 });
  equal([...new Uint8Array(world.ends[0].sent[0])], [3, 4]);
  equal(world.stored.length, 1);
});

test("a sender that did not hear of the end learns it with the next connection", async () => {
  const world = pair([file([1])]);
  world.connect();
  world.ends[0].onmessage = ({ data }) => JSON.parse(data).do === "send" && world.sending.hear(world.ends[0], data);
  await soon();
  await soon();
  equal([world.receiver.at(-1), world.sender.includes("over")], ["over", false]);
  world.cut();
  world.connect();
  await soon();
  equal([JSON.parse(world.ends[1].sent[0]).file, world.sender.at(-1)], [1, "over"]);
});

for (const [name, faults, why] of [
  ["other bytes than were read", { in: { digest: [9] } }, ["receiver", "damaged"]],
  ["a full disk", { in: { write: "no_space" } }, ["receiver", "no_space"]],
  ["a file that is gone", { out: { read: "unreadable" } }, ["sender", "unreadable"]],
])
  test(`${name}: it is said, and nothing is kept`, async () => {
    const world = pair([file([1, 2, 3])], faults);
    world.connect();
    await soon();
    await soon();
    equal(world[why[0]].at(-1), why[1]);
    equal(world.stored, []);
    if (why[0] === "receiver") ok(faults.in.discarded && world.lines[1].closed, "something was left");
  });

test("more than was offered, or an end too early, is not taken", async () => {
  for (const data of [new Uint8Array(9).buffer, JSON.stringify({ do: "end", file: 0, sha256: "0".repeat(64) }), "{", "null"]) {
    const world = pair([file([1, 2, 3])]);
    const [, back] = channels();
    world.lines[1].opened(back);
    await soon();
    back.onmessage({ data });
    equal(world.receiver.at(-1), "damaged");
  }
});

test("words that are none are not listened to by the sender", async () => {
  const world = pair([file([1, 2, 3])]);
  const [out] = channels();
  world.lines[0].opened(out);
  for (const said of ["", "{", "null", "7", '{"do":"send"}', '{"do":"send","file":-1,"from":0}', '{"do":"send","file":0,"from":4}', '{"do":"send","file":9,"from":0}', '{"do":"send","file":0.5,"from":0}', '{"do":"have","file":"x","bytes":1}'])
    out.onmessage({ data: said });
  await soon();
  equal([world.sender, out.sent], [[], []]);
});

test("a sender waits while the channel or the other side's disk is behind", async () => {
  const world = pair([file(new Array(200_000).fill(7))]);
  const [out, back] = channels();
  back.readyState = "closed"; // nothing answers
  world.lines[0].opened(out);
  out.bufferedAmount = 5 * 1024 * 1024;
  out.onmessage({ data: JSON.stringify({ do: "send", file: 0, from: 0 }) });
  await soon();
  equal(out.sent.length, 0);
  out.bufferedAmount = 0;
  out.onbufferedamountlow();
  await soon();
  equal(out.sent.filter((each) => typeof each !== "string").length, 4);
});

test("of a second large file too it is told how much is written", async () => {
  const size = 1_200_000;
  const world = pair([new File([new Uint8Array(size)], "a"), new File([new Uint8Array(size)], "b")]);
  const said = [];
  world.connect();
  const send = world.ends[1].send;
  world.ends[1].send = (data) => (said.push(JSON.parse(data)), send(data));
  while (world.receiver.at(-1) !== "over") await soon();
  const parts = [0, 1].map((file) => said.filter((each) => each.do === "have" && each.file === file).length);
  equal(parts, [3, 3]);
});

test("a connection lost at the very end of a file damages nothing", async () => {
  const world = pair([file([1, 2]), file([3])]);
  world.connect();
  await soon();
  equal(world.receiver.at(-1), "over");
  const again = pair([file([1, 2]), file([3])]);
  const [out] = channels();
  again.lines[0].opened(out);
  out.onmessage({ data: JSON.stringify({ do: "send", file: 1, from: 0 }) }); // it was at the next file already
  await soon();
  out.onmessage({ data: JSON.stringify({ do: "send", file: 0, from: 2 }) }); // and the first one's end was lost
  await soon();
  const ends = out.sent.filter((each) => typeof each === "string").map((each) => JSON.parse(each));
  equal(ends.find(({ file: index }) => index === 0).sha256.slice(0, 4), "0102");
});

test("sizes are told in the units people know", () => {
  equal([0, 999, 1000, 4_240, 31_000, 999_400_000, 1_500_000_000].map(size).map((told) => told.slice(1, -1)), ["0 B", "999 B", "1.0 kB", "4.2 kB", "31 kB", "999 MB", "1.5 GB"]);
});

test("every state of a transfer has its words, for both sides", () => {
  const base = { name: "Ash", files: [{ name: "a.pdf", size: 10, kind: "" }], total: 10, moved: 5, rate: 0, by: null, why: null, words: "" };
  for (const out of [true, false])
    for (const state of ["asked", "connecting", "moving", "interrupted", "done", "refused", "cancelled", "failed"])
      for (const by of ["you", "them"])
        for (const why of [null, "not_reached", "gone", "broken", "damaged", "unreadable", "no_space", "odd"]) {
          const transfer = { ...base, out, state, by, why };
          ok(standing(transfer).length > 3 && told(transfer).length > 3 && !/undefined|null/.test(standing(transfer) + told(transfer)), JSON.stringify(transfer));
        }
});

/**
 * The disk's end of one transfer, off the page's thread: reads files that somebody chose, or writes those that come into
 * the browser's private storage (File System Standard, origin private file system). What goes by is hashed (SHA-256,
 * FIPS 180-4) in order and once, however often a connection is lost meanwhile. Where there is no private storage, as in
 * a private window, files that are not too large are kept in memory.
 */
import { sha256 } from "../../vendor/noble-sha2.js";

const ROOT = "received";
const BLOCK = 1024 * 1024;
const MOST_IN_MEMORY = 256 * 1024 * 1024;

/** @type {File | null} */ let source = null;
/** @type {ReturnType<typeof sha256.create> | null} */ let hash = null;
let hashed = 0;
/** @type {Sink | null} */ let sink = null;

/**
 * @typedef {{write: (piece: Uint8Array) => void, finish: () => Promise<Blob>, discard: () => Promise<void>}} Sink
 * @typedef {FileSystemFileHandle & {createSyncAccessHandle: () => Promise<any>}} Handle
 */

/** @type {Record<string, (asked: any) => unknown>} */
const answers = {
  /** Choose the file to read from. @param {{file: File}} asked */
  open({ file }) {
    source = file;
    restart();
  },

  /** Up to `size` bytes from `from` on. @param {{from: number, size: number}} asked */
  async read({ from, size }) {
    while (hashed < from) follow(hashed, await bytes(hashed, Math.min(BLOCK, from - hashed)));
    const piece = await bytes(from, size);
    follow(from, piece);
    return piece;
  },

  /** Begin to write the file `name` of `size` bytes. @param {{folder: string, name: string, size: number}} asked */
  async create({ folder, name, size }) {
    await sink?.discard();
    sink = (await inStorage(folder, name, size)) ?? inMemory(size);
    restart();
  },

  /** Append. @param {{piece: ArrayBuffer}} asked */
  write({ piece }) {
    const written = new Uint8Array(piece);
    sink?.write(written);
    follow(hashed, written);
  },

  /** SHA-256 of all that went by, as hexadecimal digits. */
  digest: () => hash?.clone().digest().reduce((/** @type {string} */ digits, /** @type {number} */ byte) => digits + byte.toString(16).padStart(2, "0"), ""),

  /** The written file, whole. */
  async finish() {
    const file = await sink?.finish();
    sink = null;
    return file;
  },

  /** Leave nothing of it. @param {{folder: string}} asked */
  async discard({ folder }) {
    await sink?.discard();
    sink = null;
    const root = await storage();
    await root?.removeEntry(folder, { recursive: true }).catch(() => {});
  },

  /** Remove what pages that are gone have left. */
  async sweep() {
    const root = /** @type {any} */ (await storage());
    if (!root || !navigator.locks) return;
    for await (const folder of root.keys())
      await navigator.locks.request(lockOf(folder), { ifAvailable: true }, (lock) => lock && root.removeEntry(folder, { recursive: true }).catch(() => {}));
  },
};

/** @param {string} folder */
const lockOf = (folder) => `${ROOT}/${folder}`;

function restart() {
  hash = sha256.create();
  hashed = 0;
}

/** @param {number} from @param {number} size */
async function bytes(from, size) {
  if (!source) throw new Error("unreadable");
  try {
    return new Uint8Array(await source.slice(from, from + size).arrayBuffer());
  } catch {
    throw new Error("unreadable"); // changed, moved or unplugged since it was chosen
  }
}

/** Hash of `piece` what was not hashed before. @param {number} from @param {Uint8Array} piece */
function follow(from, piece) {
  if (from + piece.length <= hashed) return;
  hash?.update(piece.subarray(hashed - from));
  hashed = from + piece.length;
}

/** @returns {Promise<FileSystemDirectoryHandle | null>} */
async function storage() {
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
  } catch {
    return null;
  }
}

/** @type {Set<string>} */ const held = new Set();

/** As long as this worker lives. @param {string} folder */
function hold(folder) {
  if (held.has(folder)) return;
  held.add(folder);
  void navigator.locks?.request(lockOf(folder), () => new Promise(() => {}));
}

/** @param {string} folder @param {string} name @param {number} size @returns {Promise<Sink | null>} */
async function inStorage(folder, name, size) {
  const root = await storage();
  if (!root) return null;
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  if (quota - usage < size) throw new Error("no_space");
  hold(folder);
  const directory = await root.getDirectoryHandle(folder, { create: true });
  const handle = /** @type {Handle} */ (await directory.getFileHandle(name, { create: true }));
  const access = await handle.createSyncAccessHandle().catch(() => null);
  if (!access) return null;
  access.truncate(0);
  let at = 0;
  return {
    write(piece) {
      for (let from = 0; from < piece.length; ) {
        const written = access.write(piece.subarray(from), { at });
        if (!written) throw new Error("no_space");
        from += written;
        at += written;
      }
    },
    finish() {
      access.flush();
      access.close();
      return handle.getFile();
    },
    async discard() {
      access.close();
      await directory.removeEntry(name).catch(() => {});
    },
  };
}

/** @param {number} size @returns {Sink} */
function inMemory(size) {
  if (size > MOST_IN_MEMORY) throw new Error("no_space");
  /** @type {Uint8Array<ArrayBuffer>[]} */ let pieces = [];
  return {
    write: (piece) => void pieces.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece)),
    finish: async () => new Blob(pieces),
    async discard() {
      pieces = [];
    },
  };
}

/** One thing after the other, as asked. @type {Promise<unknown>} */
let turn = Promise.resolve();
onmessage = ({ data: { id, ask, ...asked } }) => {
  turn = turn.then(async () => {
    try {
      const found = await answers[ask]?.(asked);
      const moved = found instanceof Uint8Array ? [found.buffer] : [];
      /** @type {any} */ (self).postMessage({ id, found }, moved);
    } catch (error) {
      const name = /** @type {Error} */ (error).name;
      const reason = name === "QuotaExceededError" ? "no_space" : /** @type {Error} */ (error).message;
      postMessage({ id, reason });
    }
  });
};

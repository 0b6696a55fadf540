// In every page: when media came back after the media server died. `bench.back(since)` resolves to {first, all},
// milliseconds of Date.now(): the first frame decoded on connections made after `since`, and one of every person.
(() => {
  const connections = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      connections.push({ at: Date.now(), connection: this });
    }
  };
  const decoding = async (since) => {
    let streams = 0;
    for (const { at, connection } of connections) {
      if (at < since || connection.connectionState === "closed") continue;
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type === "inbound-rtp" && stat.kind === "video" && stat.framesDecoded > 0) streams++;
      }
    }
    return streams;
  };
  const pause = () => new Promise((done) => setTimeout(done, 20));
  const until = async (since, people) => {
    while ((await decoding(since)) < people) await pause();
    return Date.now();
  };
  window.bench = {
    async back(since, others) {
      const first = await until(since, 1);
      return { first, all: await until(since, others) };
    },
  };
})();

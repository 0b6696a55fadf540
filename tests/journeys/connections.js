// Keeps every RTCPeerConnection of the page, so that a test can read the browser's own statistics.
(() => {
  const Native = window.RTCPeerConnection;
  window.testConnections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      window.testConnections.push(this);
    }
  };
  /** All inbound RTP streams of all open connections: plain objects of the WebRTC statistics. */
  window.testInbound = async () => {
    const found = [];
    for (const connection of window.testConnections) {
      if (connection.connectionState === "closed") continue;
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type === "inbound-rtp") found.push({ ...stat });
      }
    }
    return found;
  };
  /** What the browser thinks it may send, in bit/s: the highest of its open connections. */
  window.testMaySend = async () => {
    let most = 0;
    for (const connection of window.testConnections) {
      if (connection.connectionState === "closed") continue;
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type === "candidate-pair" && stat.nominated) most = Math.max(most, stat.availableOutgoingBitrate ?? 0);
      }
    }
    return most;
  };
})();

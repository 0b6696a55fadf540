// Devices of this page that can be pulled out and put back. What was pulled out is listed no more, cannot be opened, and
// the track that came from it ends, as in a browser whose cable is pulled.
(() => {
  const { mediaDevices } = navigator;
  const [list, open] = [mediaDevices.enumerateDevices.bind(mediaDevices), mediaDevices.getUserMedia.bind(mediaDevices)];
  const KINDS = { audioinput: "audio", videoinput: "video" };
  const opened = new Set();
  let isGone = () => false;

  mediaDevices.enumerateDevices = async () => (await list()).filter((device) => !isGone(device));
  mediaDevices.getUserMedia = async (wanted) => {
    const left = await mediaDevices.enumerateDevices();
    for (const [kind, name] of Object.entries(KINDS)) {
      if (!wanted[name]) continue;
      const devices = left.filter((device) => device.kind === kind);
      const exact = wanted[name].deviceId?.exact;
      if (!devices.length) throw new DOMException("Requested device not found", "NotFoundError");
      if (exact && !devices.some(({ deviceId }) => deviceId === exact)) throw new OverconstrainedError("deviceId");
    }
    const stream = await open(wanted);
    for (const track of stream.getTracks()) opened.add(track);
    return stream;
  };

  /** Pull out the devices whose kind and name match, put all others back. */
  window.testUnplug = async (kind, name) => {
    isGone = (device) => device.kind === kind && new RegExp(name).test(device.label);
    const gone = (await list()).filter(isGone).map(({ deviceId }) => deviceId);
    for (const track of opened) {
      if (track.kind !== KINDS[kind] || track.readyState === "ended" || !gone.includes(track.getSettings().deviceId)) continue;
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    mediaDevices.dispatchEvent(new Event("devicechange"));
  };
})();

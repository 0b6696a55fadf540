import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";

/** @typedef {import("../state/types").Attachable} Attachable */

let count = 0;
/** @type {WeakMap<Attachable, number>} */ const numbers = new WeakMap();

/** @param {Attachable} media */
function numberOf(media) {
  const known = numbers.get(media) ?? ++count;
  numbers.set(media, known);
  return known;
}

/**
 * A track in a video element. When it is replaced by another one, that of another way say, the old picture stays until
 * the new one has come.
 * @param {{media: Attachable, mirrored?: boolean, onShape?: (ratio: number) => void}} props
 */
export function Picture({ media, mirrored, onShape }) {
  const [shown, setShown] = useState(media);
  const stack = shown === media ? [media] : [shown, media];
  return stack.map(
    (each) =>
      html`<${Video} key=${numberOf(each)} media=${each} mirrored=${mirrored} onShape=${each === media ? onShape : undefined} coming=${each !== shown} onCame=${() => each === media && setShown(each)} />`,
  );
}

/** @param {{media: Attachable, mirrored?: boolean, coming: boolean, onShape?: (ratio: number) => void, onCame: () => void}} props */
function Video({ media, mirrored, coming, onShape, onCame }) {
  const element = useRef(/** @type {HTMLVideoElement | null} */ (null));
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    media.attach(video);
    return () => void media.detach(video);
  }, [media]);
  const shaped = () => {
    const video = element.current;
    if (video?.videoWidth) onShape?.(video.videoWidth / video.videoHeight);
  };
  return html`<video
    ref=${element}
    class=${["picture", mirrored && "picture--mirrored", coming && "picture--coming"].filter(Boolean).join(" ")}
    muted
    playsinline
    autoplay
    disablepictureinpicture
    aria-hidden="true"
    onLoadedMetadata=${shaped}
    onLoadedData=${onCame}
    onResize=${shaped}
  ></video>`;
}

/**
 * A sound, heard unless `muted`, and not seen. `volume`: 0–1. `speaker`: a device id for media that LiveKit does not send
 * to it.
 * @param {{media: Attachable, participant: string, kind: string, muted?: boolean, volume: number, speaker?: string}} props
 */
export function Sound({ media, participant, kind, muted, volume, speaker }) {
  const element = useRef(/** @type {HTMLAudioElement | null} */ (null));
  useEffect(() => {
    const audio = element.current;
    if (!audio) return;
    media.attach(audio);
    return () => void media.detach(audio);
  }, [media]);
  useEffect(() => {
    if (speaker !== undefined) void element.current?.setSinkId?.(speaker).catch(() => {});
  }, [speaker]);
  useLayoutEffect(() => {
    if (element.current) element.current.volume = volume;
  }, [volume]);
  const silent = Boolean(muted) || volume === 0; // phones keep the volume to themselves
  useLayoutEffect(() => {
    const audio = element.current;
    if (!audio) return;
    const keep = () => audio.muted !== silent && (audio.muted = silent);
    keep();
    audio.addEventListener("volumechange", keep); // LiveKit turns all its elements on when it may
    return () => audio.removeEventListener("volumechange", keep);
  }, [silent]);
  return html`<audio ref=${element} autoplay data-participant=${participant} data-kind=${kind}></audio>`;
}

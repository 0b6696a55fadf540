import { html, useEffect, useRef } from "./html.js";

/**
 * A video element that shows a track.
 * @param {{media: import("../state/types").Attachable, mirrored?: boolean, onShape?: (ratio: number) => void}} props
 */
export function Picture({ media, mirrored, onShape }) {
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
    class=${mirrored ? "picture picture--mirrored" : "picture"}
    muted
    playsinline
    autoplay
    disablepictureinpicture
    aria-hidden="true"
    onLoadedMetadata=${shaped}
    onResize=${shaped}
  ></video>`;
}

/** A sound, heard and not seen. @param {{media: import("../state/types").Attachable, participant: string, kind: string}} props */
export function Sound({ media, participant, kind }) {
  const element = useRef(/** @type {HTMLAudioElement | null} */ (null));
  useEffect(() => {
    const audio = element.current;
    if (!audio) return;
    media.attach(audio);
    return () => void media.detach(audio);
  }, [media]);
  return html`<audio ref=${element} autoplay data-participant=${participant} data-kind=${kind}></audio>`;
}

/** Whether this browser can show a screen to others (phones cannot). */
export const canShare = () => Boolean(globalThis.navigator?.mediaDevices && "getDisplayMedia" in navigator.mediaDevices);

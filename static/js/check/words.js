/** What the check before class says. */
import { filled, gettext, number } from "../ui/catalogue.js";

/** @param {number} value */
const tenths = (value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {number | null} bits a second */
const megabits = (bits) => (bits === null ? gettext("unknown") : filled(gettext("{rate} Mbit/s"), { rate: tenths(bits / 1_000_000) }));

export const words = {
  titles: {
    browser: gettext("Browser"),
    microphone: gettext("Microphone"),
    camera: gettext("Camera"),
    speaker: gettext("Speaker"),
    secure: gettext("Class server"),
    udp: gettext("Live media (UDP)"),
    tcp: gettext("Live media (TCP)"),
    relay_udp: gettext("Relay (UDP)"),
    relay_tcp: gettext("Relay (TCP)"),
    relay_tls: gettext("Relay (TLS)"),
    line: gettext("Line"),
  },
  groups: { devices: gettext("Your devices"), network: gettext("Your network") },
  waiting: gettext("Waiting"),
  checking: gettext("Checking…"),
  verdicts: { good: gettext("Fine"), warn: gettext("Look at this"), bad: gettext("Does not work"), unknown: gettext("Not known") },
  results: {
    good: gettext("You are ready for class."),
    warn: gettext("You can take part; look at what is marked."),
    bad: gettext("You could not take part as it is. Do what is written below, then check again."),
  },
  kept: (/** @type {string} */ code) => filled(gettext("Kept for your teacher. Code {code}"), { code }),
  notKept: gettext("The result could not be kept."),
  start: gettext("Start the check"),
  again: gettext("Check again"),
  back: gettext("Back"),
  /** @param {number} done @param {number} all */
  progress: (done, all) => filled(gettext("{done} of {all}"), { done, all }),
  speak: gettext("Say something: the bar should move."),
  playNotes: gettext("Play three notes"),
  heardThem: gettext("Did you hear three notes?"),
  yes: gettext("Yes"),
  no: gettext("No"),

  browserGood: gettext("This browser can do all that a class needs."),
  browserOld: gettext("This browser cannot show live video."),
  browserMend: gettext("Use a current Firefox, Chrome, Edge or Safari."),
  browserInsecure: gettext("This browser gives pages no microphone or camera here; you could listen and write."),
  browserInsecureMend: gettext("Open the school by its https address."),
  allow: (/** @type {string} */ name) => filled(gettext("Open the settings beside the address, set {name} to Allow, then check again."), { name }),
  devices: {
    microphone: {
      name: gettext("Microphone"),
      good: gettext("The microphone works."),
      blocked: gettext("Your browser blocks the microphone."),
      missing: gettext("No microphone was found. You could listen and write."),
      missingMend: gettext("Plug one in, then check again."),
      busy: gettext("Another app uses the microphone."),
      busyMend: gettext("Close that app, then check again."),
      silent: gettext("The microphone works, but nothing was heard."),
      silentMend: gettext("Unmute it at the device or in the system's settings, speak, then check again."),
    },
    camera: {
      name: gettext("Camera"),
      good: gettext("The camera works."),
      blocked: gettext("Your browser blocks the camera."),
      missing: gettext("No camera was found. You could take part without."),
      missingMend: gettext("Plug one in if you need it, then check again."),
      busy: gettext("Another app uses the camera."),
      busyMend: gettext("Close that app, then check again."),
      silent: "",
      silentMend: "",
    },
  },
  speakerGood: gettext("You hear the class."),
  speakerUnknown: gettext("Play three notes to hear whether the sound is on."),
  speakerSilent: gettext("The notes were not heard."),
  speakerMend: gettext("Turn the volume up, choose the right speaker in the system's settings, then play them again."),

  signedOut: gettext("Your sign-in ran out. Sign in again, then check again."),
  elsewhere: gettext("The media server has no door for this check; whether live media passes is seen in class only."),
  waysAreOpen: gettext("All ways to the class server are open; the page keeps trying."),
  notFoundOut: gettext("Why sound and video do not come could not be found out."),
  secure: {
    good: gettext("The class server answers."),
    bad: gettext("The class server does not answer."),
    mend: gettext("Check the internet connection. In a school or company network, ask IT to allow the class server's address."),
  },
  udp: {
    good: gettext("Sound and video go the fastest way."),
    bad: gettext("This network blocks the fastest way (UDP); a slower one is used."),
    mend: gettext("Nothing has to be done. For better video, ask IT to allow UDP to the class server."),
  },
  noWay: gettext("This network blocks live sound and video."),
  noWayMend: gettext("Use another network, a phone's hotspot for example, or ask IT to allow UDP or TCP to the class server."),
  tcp: {
    good: gettext("The way for networks without UDP works."),
    bad: gettext("The way for networks without UDP is blocked too."),
    mend: gettext("See above."),
  },
  tcpUnneeded: gettext("Not reached, and not needed: the fastest way works."),
  relay_udp: {
    good: gettext("The relay answers over UDP."),
    unneeded: gettext("Not reached, and not needed: there is a straight way."),
    bad: gettext("The relay does not answer over UDP."),
    mend: gettext("Ask IT to allow UDP to the relay."),
  },
  relay_tcp: {
    good: gettext("The relay answers over TCP."),
    unneeded: gettext("Not reached, and not needed: there is a straight way."),
    bad: gettext("The relay does not answer over TCP."),
    mend: gettext("Ask IT to allow TCP to the relay."),
  },
  relay_tls: {
    good: gettext("The relay answers over TLS, as secure web pages do."),
    unneeded: gettext("Not reached, and not needed: there is a straight way."),
    bad: gettext("The relay does not answer over TLS."),
    mend: gettext("Ask IT to allow TLS to the relay."),
  },
  lineGood: gettext("The line is good."),
  lineUnknown: gettext("Not measured: there is no way to the class server."),
  lineNarrow: gettext("The line is too narrow for video."),
  lineTight: gettext("The line is narrow: video of others is reduced."),
  lineLossy: gettext("The line loses packets: sound and video may stutter."),
  lineSlow: gettext("The line is slow: others hear you late."),
  lineMend: gettext("Move nearer to the router or use a cable; pause downloads and other video."),
  /** @param {{rtt: number | null, loss: number, up: number | null, down: number | null}} line */
  lineMeasured: ({ rtt, loss, up, down }) =>
    filled(gettext("{time} ms there and back, {loss} % lost, up {up}, down {down}."), {
      time: rtt === null ? "?" : Math.round(rtt),
      loss: tenths(loss * 100),
      up: megabits(up),
      down: megabits(down),
    }),
};

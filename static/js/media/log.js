/**
 * What livekit-client finds amiss is kept in the page's timeline, where a supporter reads it. The page has a state of
 * its own for all that a person should know of; the console stays free for faults of the page.
 */
import { getLogger, LoggerNames, LogLevel } from "livekit-client";
import { note } from "./timeline.js";

/** Its words alone: what comes with them may hold tokens and addresses. */
export function keepLog() {
  for (const name of Object.values(LoggerNames)) {
    const logger = getLogger(name);
    logger.methodFactory = (method) => (/** @type {unknown} */ words) => note(`livekit-client: ${method}`, String(words));
    logger.setLevel(LogLevel.warn);
  }
}

/** Sound and video do not come: which ways there are, found by the probes of the check before class. */
import { cause } from "./verdicts.js";
import { asSent, post, tryWays } from "./ways.js";
import { words } from "./words.js";

/** Whoever may not probe is told what everybody can do. */
export const NOT_FOUND_OUT = { words: words.notFoundOut, mend: "", code: "" };

/**
 * @param {string} probe @param {string} report @param {string} csrf @param {() => Promise<import("../media/timeline").Moment[]>} timeline
 * @returns {Promise<{words: string, mend: string, code: string}>} `code` is empty where the server did not answer
 */
export async function findOut(probe, report, csrf, timeline) {
  try {
    const findings = await tryWays(await post(probe, csrf));
    const found = cause(findings);
    const { code } = await post(report, csrf, { findings: findings.map(asSent), timeline: await timeline() });
    return { words: found?.words ?? words.waysAreOpen, mend: found?.mend ?? "", code };
  } catch (error) {
    return { words: words.notFoundOut, mend: error instanceof Error ? error.message : "", code: "" };
  }
}

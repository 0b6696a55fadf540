/** The path that packets take, read from a browser's statistics. */

/** @typedef {{relayed: boolean, tcp: boolean}} Path */

/**
 * Of the connection whose pair is in use; null while there is none.
 * @param {Iterable<[string, any]>} report @returns {Path | null}
 */
export function pathOf(report) {
  const stats = new Map(report);
  const all = [...stats.values()];
  const transport = all.find((stat) => stat.type === "transport" && stat.selectedCandidatePairId);
  const pair = stats.get(transport?.selectedCandidatePairId) ?? all.find((stat) => stat.type === "candidate-pair" && stat.selected);
  const [local, remote] = [stats.get(pair?.localCandidateId), stats.get(pair?.remoteCandidateId)];
  if (!local) return null;
  const relayed = local.candidateType === "relay" || remote?.candidateType === "relay";
  return { relayed, tcp: (relayed && local.relayProtocol && local.relayProtocol !== "udp") || local.protocol === "tcp" };
}

/** @param {Iterable<[string, any]>} report */
export const relayed = (report) => pathOf(report)?.relayed ?? false;

import { timeline } from "/static/js/media/timeline.js";
import { keepLog } from "/static/js/media/log.js";
import { getLogger, LoggerNames } from "livekit-client";
import { equal, test } from "./check.js";

test("what the media client finds amiss is in the timeline, without what comes with it, and not in the console", async () => {
  const said = [];
  const { error, warn } = console;
  Object.assign(console, { error: (...words) => said.push(words), warn: (...words) => said.push(words) });
  keepLog();
  const context = () => ({ participant: "P1" });
  getLogger(LoggerNames.Signal, context).error("could not reach the server", { url: "wss://school.test/?access_token=secret" });
  getLogger(LoggerNames.Engine).warn("the line is slow");
  getLogger(LoggerNames.Room).info("connected");
  Object.assign(console, { error, warn });
  equal(said, []);
  const kept = (await timeline()).filter(({ what }) => what.startsWith("livekit-client"));
  equal(kept.map(({ what, detail }) => [what, detail]), [
    ["livekit-client: error", "could not reach the server"],
    ["livekit-client: warn", "the line is slow"],
  ]);
});

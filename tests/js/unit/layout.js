import { cornerAt, GAP, grid, presented, seatsPerPage, two } from "/static/js/state/layout.js";
import { equal, ok, test } from "./check.js";

const STAGES = { laptop: [1256, 670], panel: [904, 670], wide: [1416, 770], tablet: [744, 900], phone: [374, 680], small: [344, 570], sideways: [740, 340] };
const size = ([width, height]) => ({ width, height });
const apart = (a, b) => a.x + a.w + GAP <= b.x + 1 || b.x + b.w + GAP <= a.x + 1 || a.y + a.h + GAP <= b.y + 1 || b.y + b.h + GAP <= a.y + 1;
const within = (box, { width, height }) => box.x >= -1 && box.y >= -1 && box.x + box.w <= width + 1 && box.y + box.h <= height + 1;

function neat(boxes, stage, about) {
  boxes.forEach((box, index) => {
    ok(within(box, stage), `${about}: tile ${index} leaves the stage ${JSON.stringify(box)}`);
    boxes.slice(index + 1).forEach((other) => ok(apart(box, other), `${about}: tiles overlap ${JSON.stringify([box, other])}`));
  });
}

for (const [name, dimensions] of Object.entries(STAGES)) {
  test(`one to sixteen people fit a ${name} without touching`, () => {
    for (let count = 1; count <= 16; count++) {
      const boxes = grid(count, size(dimensions));
      equal(boxes.length, count);
      neat(boxes, size(dimensions), `${count} people`);
    }
  });

  test(`the last row is centred on a ${name}`, () => {
    for (let count = 2; count <= 16; count++) {
      const boxes = grid(count, size(dimensions));
      const last = boxes.filter((box) => box.y === boxes[count - 1].y);
      const left = last[0].x;
      const right = dimensions[0] - (last[last.length - 1].x + last[0].w);
      ok(Math.abs(left - right) <= 2, `${count} people: ${left} before, ${right} after`);
    }
  });

  test(`a shared screen on a ${name} is neither cut nor covered`, () => {
    for (const ratio of [16 / 9, 16 / 10, 4 / 3, 9 / 16])
      for (const people of [1, 2, 5, 18]) {
        const { screen, tiles, more } = presented(people, ratio, size(dimensions), false);
        neat([screen, ...tiles, ...(more ? [more] : [])], size(dimensions), `${people} people, ${ratio}`);
        ok(Math.abs(screen.w / screen.h - ratio) < 0.02, "its box has its own shape: no black bars");
        ok(tiles.length === people || tiles.length === 0 || more, "who is left out is counted");
      }
  });
}

test("the strip goes where it leaves the screen larger", () => {
  const top = presented(6, 16 / 9, size(STAGES.panel), false);
  ok(top.tiles[0].y < top.screen.y, "on top beside an open panel");
  const side = presented(6, 16 / 9, size(STAGES.wide), false);
  ok(side.tiles[0].x > side.screen.x + side.screen.w, "at the side on a wide stage");
});

test("nine people fill a laptop's stage", () => {
  const [first] = grid(9, size(STAGES.laptop));
  equal([first.w, first.h], [413, 218]);
});

test("of two people the other fills the stage, oneself at the bottom end", () => {
  const { other, own } = two(size(STAGES.laptop));
  equal([other, own.w, own.h], [{ x: 0, y: 0, w: 1256, h: 670 }, 200, 113]);
});

test("what is let go lies in the nearest corner", () => {
  const stage = size(STAGES.laptop);
  const at = (x, y) => cornerAt({ x: stage.width * x, y: stage.height * y }, stage);
  equal([at(0.1, 0.4), at(0.9, 0.4), at(0.4, 0.6), at(0.6, 0.9)], ["top_start", "top_end", "bottom_start", "bottom_end"]);
});

test("an upright phone with its panel open keeps the screen alone", () => {
  const { screen, tiles } = presented(9, 16 / 9, { width: 374, height: 210 }, true);
  equal([screen.w, tiles.length], [373, 0]);
});

test("pages hold sixteen people on a laptop and eight on a phone", () => {
  equal(["wide", "laptop", "tablet", "phone", "small", "sideways"].map((stage) => seatsPerPage(size(STAGES[stage]))), [25, 16, 9, 6, 6, 6]);
});

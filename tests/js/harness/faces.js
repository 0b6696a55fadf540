/** Drawn people and a drawn slide as media, for pages without a media server. */
const COLOURS = [
  ["#c9bbad", "#8d8a5f", "#2a2118", "#e9c8a8", "#57753c"], ["#b9c4a3", "#6d8b5d", "#3a2a24", "#8f5d3f", "#484686"],
  ["#a9cabb", "#5f8f8d", "#5b4630", "#5d3a2a", "#86ab60"], ["#c9a9b5", "#8c5b5b", "#6b5138", "#efd3bd", "#9474b6"],
  ["#b3a9cb", "#7d5d8d", "#4b4127", "#cb9b73", "#96854f"], ["#a9c4ab", "#5f8b66", "#39321f", "#8f5d3f", "#874866"],
  ["#a9b7c9", "#5d648d", "#48432a", "#cb9b73", "#655398"], ["#cfc3a0", "#93805a", "#1d1a17", "#a8744f", "#2f6e73"],
];

/** One of the drawn people, or nothing but a colour where `scenario.bare` names some. @param {number} index @param {number} [width] @param {number} [height] */
export function face(index, width = 640, height = 360) {
  const { bare } = globalThis.scenario;
  if (bare) return attachable(width, height, (pen) => ((pen.fillStyle = bare[index % bare.length]), pen.fillRect(0, 0, width, height)));
  return attachable(width, height, (pen) => {
    const [from, to, hair, skin, shirt] = COLOURS[index % COLOURS.length];
    const sky = pen.createLinearGradient(0, 0, width, height);
    sky.addColorStop(0, from);
    sky.addColorStop(1, to);
    pen.fillStyle = sky;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "rgb(255 255 255 / .45)";
    pen.fillRect(width * 0.08, height * 0.1, width * 0.2, height * 0.5);
    pen.fillStyle = shirt;
    pen.beginPath();
    pen.ellipse(width / 2, height * 1.02, width * 0.21, height * 0.38, 0, 0, 7);
    pen.fill();
    pen.fillStyle = skin;
    pen.fillRect(width * 0.46, height * 0.5, width * 0.08, height * 0.22);
    pen.beginPath();
    pen.ellipse(width / 2, height * 0.4, width * 0.09, height * 0.22, 0, 0, 7);
    pen.fill();
    pen.fillStyle = hair;
    pen.beginPath();
    pen.ellipse(width / 2, height * 0.3, width * 0.1, height * 0.17, 0, 3.1, 6.4);
    pen.fill();
  });
}

export const slide = (width = 1280, height = 720) =>
  attachable(width, height, (pen) => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#1b211f";
    pen.font = "600 52px Liberation Sans";
    pen.fillText("Phases of mitosis", width * 0.06, height * 0.16);
    pen.font = "24px Liberation Sans";
    pen.fillText("Which phase comes right after prophase?", width * 0.06, height * 0.25);
    ["Prophase", "Metaphase", "Anaphase", "Telophase"].forEach((word, index) => {
      const x = width * (0.17 + index * 0.22);
      pen.strokeStyle = "#0f6a73";
      pen.lineWidth = 5;
      pen.beginPath();
      pen.arc(x, height * 0.53, height * 0.16, 0, 7);
      pen.stroke();
      pen.font = "34px Liberation Sans";
      pen.fillText(word, x - 74, height * 0.8);
    });
  });

function attachable(width, height, draw) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  draw(pen);
  const stream = canvas.captureStream(2);
  setInterval(() => draw(pen), 500);
  const shown = new Set();
  return {
    shown,
    attach: (element) => Object.assign(element, { srcObject: stream, muted: true, autoplay: true }) && shown.add(element),
    detach: (element) => ((element.srcObject = null), shown.delete(element)),
  };
}

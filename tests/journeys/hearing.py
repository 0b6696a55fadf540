"""What a person at a page hears, measured: how long the longest silence was (hearing.js)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

HEARING = (Path(__file__).parent / "hearing.js").read_text()
HERTZ = 1500
"""Of a tab that is shared with its sound."""
TONE = f"""() => {{
  const context = new AudioContext();
  const tone = new OscillatorNode(context, {{ frequency: {HERTZ} }});
  tone.connect(context.destination);
  tone.start();
}}"""
LOUDEST = """() => {
  const element = [...document.querySelectorAll('audio[data-kind=screen_sound]')]
    .find(({ muted, paused, srcObject }) => !muted && !paused && srcObject);
  if (!element) return 0;
  if (globalThis.testEar?.stream !== element.srcObject) {
    const context = new AudioContext();
    const ear = Object.assign(context.createAnalyser(), { fftSize: 4096, stream: element.srcObject });
    context.createMediaStreamSource(element.srcObject).connect(ear);
    globalThis.testEar = ear;
  }
  const pitches = new Float32Array(testEar.frequencyBinCount);
  testEar.getFloatFrequencyData(pitches);
  const loud = Math.max(...pitches);
  return loud > -60 ? (pitches.indexOf(loud) * testEar.context.sampleRate) / testEar.fftSize : 0;
}"""
LONGEST_GAP = 300  # ms of silence while sound moves from one way to another


def wait_for_shared_tone(page: Page) -> None:
    """Wait until the page plays the sound of a shared screen, and that is TONE."""
    for _ in range(100):
        if abs((now := page.evaluate(LOUDEST)) - HERTZ) < 20:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"the loudest in the screen's sound is {now} Hz, not {HERTZ}")


def listen(*pages: Page) -> None:
    """Begin to listen; the script has to be in the page, and the page to let it work (bypass_csp)."""
    for page in pages:
        page.evaluate("testListen()")
        page.wait_for_timeout(500)
        page.evaluate("testLongestGap()")


def longest_gap(page: Page) -> float:
    """Of silence since the last call, in milliseconds."""
    return page.evaluate("testLongestGap()")

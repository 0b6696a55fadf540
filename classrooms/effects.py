"""Addresses of what the room fetches when somebody changes how they are heard or seen, and not before."""

from __future__ import annotations

from typing import Any

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.templatetags.static import static

PICTURES = ("shelf", "hills", "board", "paper")
MODEL = (
    "selfie_segmentation.binarypb",
    "selfie_segmentation_landscape.tflite",
    "selfie_segmentation_solution_simd_wasm_bin.js",
    "selfie_segmentation_solution_simd_wasm_bin.wasm",
)

# The strong filter and the model are WebAssembly: compiled on the pages of the room alone.
runs_wasm = csp_update({"script-src": [WASM_UNSAFE_EVAL]})


def effects_told() -> dict[str, Any]:
    """`EffectFiles` of the room's scripts."""
    return {
        "noise": static("js/media/sound/worklet.js"),
        "segmentation": {name: static(f"vendor/{name}") for name in MODEL},
        "pictures": {name: static(f"backgrounds/{name}.svg") for name in PICTURES},
    }

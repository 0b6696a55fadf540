/** The view library in one place: components are functions that return html`…`. */
export { html } from "htm/preact";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** The view library in one place: components are functions that return html`…`. */
export { html } from "htm/preact";
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

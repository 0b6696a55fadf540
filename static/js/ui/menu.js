import { html, useLayoutEffect, useRef } from "./html.js";
import { Icon } from "./icon.js";

/**
 * `several`: its tick says nothing of the other rows.
 * @typedef {{label: string, act: () => void, checked?: boolean, several?: boolean, icon?: string, danger?: boolean}} Row
 * @typedef {{title?: string, rows: Row[], empty?: string}} Group
 */

/**
 * An open menu (APG menu pattern): arrows, Home, End, first letters, Esc; closes on a click elsewhere. It sits in a
 * positioned parent, above it, and moves inwards where it would leave the window. `floats`: in the window itself, beside
 * the button before it, where a list that scrolls would cut it off.
 * @param {{label: string, groups: Group[], onClose: () => void, floats?: boolean, children?: any}} props
 */
export function Menu({ label, groups, onClose, floats, children }) {
  const menu = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => (floats ? float(menu.current) : keepInWindow(menu.current)), []);
  useLayoutEffect(() => {
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    const anchor = menu.current?.parentElement;
    const button = /** @type {HTMLElement | null | undefined} */ (anchor?.querySelector("[aria-haspopup]") ?? anchor?.querySelector("button"));
    const first = menu.current?.querySelector('[aria-checked="true"]') ?? menu.current?.querySelector("[role^=menuitem]");
    take(/** @type {HTMLElement | null | undefined} */ (first));
    const outside = (/** @type {Event} */ event) => {
      const inside = menu.current?.parentElement?.contains(/** @type {Node} */ (event.target));
      if (!inside) onClose();
    };
    document.addEventListener("pointerdown", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      const back = from?.isConnected && from !== document.body ? from : button; // what opened it may be gone
      if (menu.current?.contains(document.activeElement) || document.activeElement === document.body) back?.focus();
    };
  }, []);
  const choose = (/** @type {Row} */ row) => {
    onClose();
    row.act();
  };
  return html`
    <div ref=${menu} class="menu room-menu" role="menu" aria-label=${label} onKeyDown=${(/** @type {KeyboardEvent} */ event) => move(event, menu.current, onClose)}>
      ${children}
      ${groups.map(
        (group, index) => html`
          ${index > 0 && html`<hr role="separator" />`}
          <div role="group" aria-label=${group.title ?? label} key=${group.title ?? index}>
            ${group.title && html`<p class="menu__title" aria-hidden="true">${group.title}</p>`}
            ${!group.rows.length && group.empty && html`<p class="menu__empty">${group.empty}</p>`}
            ${group.rows.map((row) => html`<${MenuRow} row=${row} choose=${choose} key=${row.label} />`)}
          </div>
        `,
      )}
    </div>
  `;
}

/** @param {{row: Row, choose: (row: Row) => void}} props */
const MenuRow = ({ row, choose }) => html`
  <button
    type="button"
    class=${row.danger ? "menu__row menu__row--danger" : "menu__row"}
    role=${row.checked === undefined ? "menuitem" : row.several ? "menuitemcheckbox" : "menuitemradio"}
    aria-checked=${row.checked === undefined ? undefined : String(row.checked)}
    tabindex="-1"
    onClick=${() => choose(row)}
  >
    ${row.checked !== undefined && html`<span class="menu__check">${row.checked && html`<${Icon} name="check" />`}</span>`}
    ${row.icon && html`<${Icon} name=${row.icon} mirrors=${row.icon === "log-out"} />`}
    <span>${row.label}</span>
  </button>
`;

/** @param {KeyboardEvent} event @param {HTMLElement | null} menu @param {() => void} close */
function move(event, menu, close) {
  const rows = /** @type {HTMLElement[]} */ ([...(menu?.querySelectorAll("[role^=menuitem]") ?? [])]);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (event.key === "Tab") return close();
  if (event.key === "Escape") {
    event.stopPropagation();
    return close();
  }
  const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== " ";
  const next = typed
    ? [...rows.slice(at + 1), ...rows].find((row) => row.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))
    : to !== undefined && rows[(to + rows.length) % rows.length];
  if (!next) return;
  event.preventDefault();
  rows.forEach((row) => row.setAttribute("tabindex", "-1"));
  take(next);
}

/** The row that has the focus is the menu's one tab stop. @param {HTMLElement | null | undefined} row */
function take(row) {
  row?.setAttribute("tabindex", "0");
  row?.focus();
}

/** @param {HTMLElement | null} element */
export function keepInWindow(element) {
  if (!element) return;
  const { left, right } = element.getBoundingClientRect();
  const room = document.documentElement.clientWidth - 8;
  const shift = right > room ? room - right : left < 8 ? 8 - left : 0;
  if (shift) element.style.setProperty("translate", `${Math.round(shift)}px`);
}

/** Below its button where there is room, else above, else wherever it fits. @param {HTMLElement | null} element */
function float(element) {
  const button = element?.previousElementSibling?.getBoundingClientRect();
  if (!element || !button) return;
  const { width, height } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = button.bottom + 4 + height <= clientHeight - 8;
  const top = below ? button.bottom + 4 : Math.max(8, button.top - 4 - height);
  const left = Math.max(8, Math.min(button.left, clientWidth - 8 - width));
  element.style.setProperty("top", `${Math.round(top)}px`);
  element.style.setProperty("left", `${Math.round(left)}px`);
}

import { Prejoin } from "../prejoin/prejoin.js";
import { Room } from "../room/room.js";
import { Afterwards } from "./cards.js";
import { html } from "./html.js";
import { Live } from "./live.js";

/** The whole page, before, during and after the class. @param {import("./act").Props} props */
export const App = (props) => html`
  <${Part} ...${props} />
  <${Live} state=${props.state} act=${props.act} />
`;

/** @param {import("./act").Props} props */
function Part(props) {
  switch (props.state.phase) {
    case "before":
    case "joining":
    case "waiting":
      return html`<${Prejoin} ...${props} />`;
    case "inside":
      return html`<${Room} ...${props} />`;
    default:
      return html`<${Afterwards} ...${props} />`;
  }
}

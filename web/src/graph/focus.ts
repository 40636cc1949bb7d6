export { focusNode } from "./canvas_api";

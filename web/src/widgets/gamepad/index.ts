export { GamepadDialog, type PadTarget } from "./GamepadDialog";
export {
  loadMapping,
  type PadBinding,
  type PadMapping,
  type PadSource,
  type PadState,
  readMapped,
  saveMapping,
  STANDARD,
  valueFor,
} from "./mapping";

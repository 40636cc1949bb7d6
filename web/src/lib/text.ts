/** Texts of the widgets and of the stage that are not in the table of `text/` yet. */
import { liveText } from "./text.live";

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

export const text = {
  live: liveText,
  widgets: {
    on: "On",
    off: "Off",
    randomSeed: "New random seed",
    chooseFile: "Choose a file",
    replaceFile: "Replace file",
    uploading: "Uploading",
    uploadFailed: "Upload failed",
    noFile: "No file",
    keyframes: (n: number) => count(n, "keyframe"),
    editJson: "Edit",
    live: "live",
    badJson: "This is not JSON",
    addKeyframe: "Add a keyframe",
    removeKeyframe: (n: number) => `Remove keyframe ${n}`,
    tick: "Tick",
    seconds: (s: string) => `${s} s`,
    done: "Done",
    notSet: "not set",
    decrease: (name: string) => `Less ${name}`,
    increase: (name: string) => `More ${name}`,
  },
} as const;

export { errorText } from "./error_text";

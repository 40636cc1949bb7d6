import { useState, type KeyboardEvent } from "react";
import { useStore } from "zustand";
import { Dialog } from "../lib/dialog";
import { toast } from "../lib/toast";
import { Button, Kbd } from "../lib/ui";
import { t } from "../text";
import { COMMANDS, type Section, type Shortcut } from "./commands";
import { assign, keymapStore, keysFor, setKeymap } from "./keymap";
import { chordOf } from "./shortcuts";
import { TIMELINE_KEYS } from "./timeline_keys";

const SECTIONS: readonly Section[] = ["run", "edit", "nodes", "arrange", "view", "workflow", "timeline"];
const GESTURES = [
  "add",
  "dropOnNothing",
  "dropOnNode",
  "pullOff",
  "reroute",
  "region",
  "number",
  "menu",
  "file",
] as const;
const MODIFIERS = ["Control", "Shift", "Alt", "Meta"];

/** Among which the keys have to be different: the timeline has its own, since it takes them only while it has the focus. */
const rivals = (section: Section): readonly Shortcut[] => (section === "timeline" ? TIMELINE_KEYS : COMMANDS);
const shortcutsIn = (section: Section) => rivals(section).filter((shortcut) => shortcut.section === section);

/** Every command with its keys; a click on the keys takes new ones. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const keymap = useStore(keymapStore, (state) => state.keys);
  return (
    <Dialog title={t("app.commands.help")} size="l" onClose={onClose}>
      <div className="app-shortcuts">
        {SECTIONS.map((section) => (
          <section key={section}>
            <h3>{t(`app.sections.${section}`)}</h3>
            <dl>
              {shortcutsIn(section).map((command) => (
                <Row key={command.id} command={command} keys={keysFor(command, keymap)[0]} />
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("app.sections.mouse")}</h3>
          <dl>
            {GESTURES.map((gesture) => (
              <div key={gesture}>
                <dt>{t(`app.mouse.${gesture}.effect`)}</dt>
                <dd>{t(`app.mouse.${gesture}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <div className="app-form-actions app-dialog-pad">
        <Button disabled={Object.keys(keymap).length === 0} onClick={() => setKeymap({})}>
          {t("app.keys.reset")}
        </Button>
      </div>
    </Dialog>
  );
}

function Row({ command, keys }: { readonly command: Shortcut; readonly keys: string | undefined }) {
  const [listening, setListening] = useState(false);
  const name = t(command.title);

  function press(event: KeyboardEvent) {
    if (!listening || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    setListening(false);
    if (event.key === "Escape" || event.key === "Tab") return;
    take(command, chordOf(event.nativeEvent));
  }

  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <button
          type="button"
          className="app-keys"
          title={t("app.keys.change", { name })}
          data-listening={listening}
          onClick={() => setListening(true)}
          onBlur={() => setListening(false)}
          onKeyDown={press}
        >
          <span>{listening ? t("app.keys.press") : keys ? <Kbd keys={shown(keys)} /> : t("app.keys.none")}</span>
          <span className="ui-unseen">{t("app.keys.change", { name })}</span>
        </button>
      </dd>
    </div>
  );
}

function take(command: Shortcut, keys: string): void {
  const { keys: keymap } = keymapStore.getState();
  const others = rivals(command.section);
  const other = others.find((one) => one.id !== command.id && keysFor(one, keymap).includes(keys));
  setKeymap(assign(others, keymap, command.id, keys));
  if (other) toast({ kind: "info", title: t("app.keys.taken", { keys, name: t(command.title) }) });
}

function shown(keys: string): string {
  return keys
    .replace("ArrowLeft", "\u2190")
    .replace("ArrowRight", "\u2192")
    .replace("ArrowUp", "\u2191")
    .replace("ArrowDown", "\u2193");
}

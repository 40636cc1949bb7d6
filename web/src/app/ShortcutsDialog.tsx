import { Dialog } from "../lib/dialog";
import { t } from "../text";
import { Kbd } from "../lib/ui";
import { COMMANDS, type Section } from "./commands";

const SECTIONS: readonly Section[] = ["run", "edit", "nodes", "arrange", "view", "workflow"];

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

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t("app.commands.help")} size="l" onClose={onClose}>
      <div className="app-shortcuts">
        {SECTIONS.map((section) => (
          <section key={section}>
            <h3>{t(`app.sections.${section}`)}</h3>
            <dl>
              {COMMANDS.filter((command) => command.section === section && command.keys).map((command) => (
                <div key={command.id}>
                  <dt>{t(command.title)}</dt>
                  <dd>
                    <Kbd keys={shown(command.keys?.[0] ?? "")} />
                  </dd>
                </div>
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
    </Dialog>
  );
}

function shown(keys: string): string {
  return keys
    .replace("ArrowLeft", "\u2190")
    .replace("ArrowRight", "\u2192")
    .replace("ArrowUp", "\u2191")
    .replace("ArrowDown", "\u2193");
}

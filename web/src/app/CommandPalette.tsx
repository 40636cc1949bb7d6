import { Search } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Dialog } from "../lib/dialog";
import { t } from "../text";
import { Kbd } from "../lib/ui";
import { COMMANDS, type Command } from "./commands";
import { keysFor } from "./keymap";

const ID = "app-palette-option-";

/** Every command by name. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const hits = findCommands(query);
  const current = hits[Math.min(chosen, hits.length - 1)];

  function take(command: Command | undefined) {
    if (!command) return;
    onClose();
    requestAnimationFrame(() => command.run());
  }

  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      const next = (chosen + step + hits.length) % Math.max(1, hits.length);
      setChosen(next);
      document.getElementById(`${ID}${hits[next]?.id}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") take(current);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title={t("app.commands.palette")} bare onClose={onClose}>
      <div className="app-palette" onKeyDown={key} role="presentation">
        <div className="app-palette-head">
          <Search size={16} aria-hidden />
          <input
            role="combobox"
            aria-expanded
            aria-controls="app-palette-list"
            aria-activedescendant={current && `${ID}${current.id}`}
            aria-label={t("app.commands.palette")}
            placeholder={t("app.palettePlaceholder")}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setChosen(0);
            }}
          />
        </div>
        <div className="app-palette-list" id="app-palette-list" role="listbox" aria-label={t("app.commands.palette")}>
          {hits.map((command, index) => (
            <div
              key={command.id}
              id={`${ID}${command.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={command === current}
              onPointerMove={() => setChosen(index)}
              onClick={() => take(command)}
            >
              <small>{t(`app.sections.${command.section}`)}</small>
              <span>{t(command.title)}</span>
              {keysFor(command)[0] && <Kbd keys={keysFor(command)[0] ?? ""} />}
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  );
}

function findCommands(query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = COMMANDS.filter((command) => {
    const name = `${t(command.title)} ${t(`app.sections.${command.section}`)}`.toLowerCase();
    return command.id !== "palette" && words.every((word) => name.includes(word));
  });
  const first = words[0];
  return first === undefined
    ? matches
    : [...matches].sort(
        (a, b) =>
          Number(t(b.title).toLowerCase().startsWith(first)) - Number(t(a.title).toLowerCase().startsWith(first)),
      );
}

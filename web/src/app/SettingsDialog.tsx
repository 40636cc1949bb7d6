import { Dialog } from "../lib/dialog";
import { Segmented } from "../lib/ui";
import { LANGUAGES, type Language, languageStore, setLanguage, t } from "../text";
import { type Theme, uiStore } from "./ui_store";
import { useUi } from "./use_ui";

/** What a user sets once: language, colours, the canvas's aids. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t("app.settings")} size="s" onClose={onClose}>
      <div className="app-dialog-pad app-settings">
        <LanguageChoice />
        <ThemeChoice />
        <Switch name="snap" label={t("app.commands.snap")} />
        <Switch name="minimap" label={t("app.commands.minimap")} />
      </div>
    </Dialog>
  );
}

function LanguageChoice() {
  const { language } = languageStore.getState();
  return (
    <label className="app-setting">
      <span>{t("app.settings.language")}</span>
      <select className="ui-input" value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
        {Object.entries(LANGUAGES).map(([id, name]) => (
          <option key={id} value={id} lang={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeChoice() {
  const theme = useUi((ui) => ui.theme);
  const options = (["dark", "light"] as const).map((value) => ({ value, label: t(`app.settings.${value}`) }));
  return (
    <div className="app-setting">
      <span>{t("app.settings.theme")}</span>
      <Segmented<Theme>
        label={t("app.settings.theme")}
        value={theme}
        options={options}
        onChange={(next) => uiStore.setState({ theme: next })}
      />
    </div>
  );
}

function Switch({ name, label }: { readonly name: "snap" | "minimap"; readonly label: string }) {
  const on = useUi((ui) => ui[name]);
  return (
    <label className="app-setting">
      <span>{label}</span>
      <input type="checkbox" checked={on} onChange={(event) => uiStore.setState({ [name]: event.target.checked })} />
    </label>
  );
}

import { Dices, Lock, type LucideIcon, Plus } from "lucide-react";
import { useDocument } from "../../document/hooks";
import { edit, getWorkflow, pathOf } from "../../document/store";
import type { SeedWidget } from "../../protocol/schema";
import { t } from "../../text";
import { SEED_MODES, type SeedMode, seedMode } from "../../widgets/seeds";
import { randomSeed, withSeedMode } from "../../widgets/seeds/seed_modes";
import type { FieldProps } from "./field";
import { usePlace } from "./use_field";

const ICONS: Readonly<Record<SeedMode, LucideIcon>> = { fixed: Lock, increment: Plus, random: Dices };

/** A seed with a die, and what becomes of it when a run begins. */
export function SeedField({ label, value, widget, onChange }: FieldProps<SeedWidget>) {
  return (
    <span className="gn-seed nodrag">
      <SeedModeButton widget={widget} />
      <input
        aria-label={label}
        inputMode="numeric"
        value={typeof value === "number" ? value : 0}
        onChange={(event) => {
          const seed = Number(event.target.value.replace(/\D/g, ""));
          if (Number.isSafeInteger(seed)) onChange(seed);
        }}
      />
      <button
        type="button"
        aria-label={t("widgets.seed.random")}
        title={t("widgets.seed.random")}
        onClick={() => onChange(randomSeed())}
      >
        <Dices size={14} aria-hidden />
      </button>
    </span>
  );
}

/** Goes round fixed, increment and random with every press. */
function SeedModeButton({ widget }: { readonly widget: SeedWidget }) {
  const place = usePlace(widget);
  const [node, input] = [place ? pathOf(place.node.id) : "", place?.input.name ?? ""];
  const mode = useDocument(({ doc }) => seedMode(doc, node, input));
  if (!place) return null;
  const Icon = ICONS[mode];
  const name = t("widgets.seed.mode", { mode: t(`widgets.seed.${mode}Mode`) });
  return (
    <button
      type="button"
      className="gn-seed-mode"
      data-mode={mode}
      aria-label={name}
      title={name}
      onClick={() => {
        const next = SEED_MODES[(SEED_MODES.indexOf(mode) + 1) % SEED_MODES.length] ?? "fixed";
        edit(t("widgets.seed.change"), withSeedMode(getWorkflow(), node, input, next));
      }}
    >
      <Icon size={12} aria-hidden />
    </button>
  );
}

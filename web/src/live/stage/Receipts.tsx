import { t } from "../../text";
import type { Receipt } from "../state";
import { useLive } from "../store";

function valueText(value: unknown): string {
  if (typeof value === "number") return (value > 0 ? "+" : "") + value.toFixed(2);
  if (typeof value === "string") return value.length > 18 ? `${value.slice(0, 17)}...` : value;
  return "";
}

const SHOWN = 3;

/** The newest answer of each input: what was sent, and the tick from which the picture has it. */
function newest(receipts: readonly Receipt[]): Receipt[] {
  const byInput = new Map<string, Receipt>();
  for (const receipt of receipts) {
    const key = `${receipt.node} ${receipt.input}`;
    byInput.delete(key);
    byInput.set(key, receipt);
  }
  return [...byInput.values()].slice(-SHOWN);
}

/** The last controls with the tick at which they took effect; each line fades by itself. */
export function Receipts() {
  const receipts = useLive((state) => state.receipts);
  return (
    <ul className="stage-receipts" aria-hidden>
      {newest(receipts).map((receipt) => (
        <li key={receipt.id} data-applied={receipt.tick !== null || undefined}>
          <span>{receipt.input}</span> {valueText(receipt.value)}
          <b>{receipt.tick === null ? "..." : t("stage.tickShort", { tick: receipt.tick })}</b>
        </li>
      ))}
    </ul>
  );
}

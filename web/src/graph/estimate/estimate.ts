/** What GET /api/estimate says of a preset, and how it is put into words. Pure. */
import { t } from "../../text";
import type { NodeSchema } from "../../protocol/schema";

export interface Estimate {
  readonly device_name: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly step_ms: number;
  readonly decode_ms: number;
  readonly latency_ms: number;
  readonly realtime: boolean;
  readonly memory_gib: number;
  readonly memory_of_device_gib: number | null;
  readonly fits: boolean | null;
}

export interface Verdict {
  readonly kind: "good" | "slow" | "large";
  readonly line: string;
  readonly detail: string;
}

const LIVE_FPS = 24;

/** The name of the input that chooses the model of a generator node; null for every other node. */
export function presetInput(schema: NodeSchema): string | null {
  const gives = schema.outputs.some((port) => port.type === "GENERATOR");
  return gives ? (schema.inputs.find((port) => port.name === "preset")?.name ?? null) : null;
}

const whole = (value: number) => value.toFixed(value < 10 ? 1 : 0);

/** One line to read before pressing Run, and the rest for who wants to know. */
export function verdict(found: Estimate): Verdict {
  const ms = whole(found.latency_ms);
  const detail = t("graph.estimate.detail", {
    step: whole(found.step_ms),
    decode: whole(found.decode_ms),
    size: `${found.width}\u00d7${found.height}`,
    memory: found.memory_gib.toFixed(1),
    device: found.device_name,
  });
  if (found.fits === false) {
    const room = found.memory_of_device_gib?.toFixed(1) ?? "?";
    return { kind: "large", line: t("graph.estimate.large", { need: found.memory_gib.toFixed(1), room }), detail };
  }
  if (!found.realtime) return { kind: "slow", line: t("graph.estimate.slow", { ms, fps: whole(found.fps) }), detail };
  return { kind: "good", line: t("graph.estimate.good", { ms, fps: LIVE_FPS }), detail };
}

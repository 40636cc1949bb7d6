import { CircleCheck, Gauge, LoaderCircle, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { isActive, useLive } from "../../live";
import type { NodeSchema } from "../../protocol/schema";
import { t } from "../../text";
import { presetInput, verdict } from "./estimate";
import { askEstimate, useEstimate } from "./estimate_store";
import "./estimate.css";

/** A page that has just opened has other things to do. */
const ASK_AFTER_MS = 2500;

interface EstimateLineProps {
  readonly schema: NodeSchema;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * How fast the chosen model will be on the server's machine. The usual model is asked for by itself; for others a short
 * trial can be heavy, and a workflow from somebody else starts nothing: there it takes a press of the button. While a
 * run is live nothing is asked, the trial would disturb it.
 */
export function EstimateLine({ schema, inputs }: EstimateLineProps) {
  const name = presetInput(schema);
  const usual = schema.inputs.find((port) => port.name === name)?.default;
  const value = name === null ? undefined : (inputs[name] ?? usual);
  const preset = typeof value === "string" ? value : null;
  const live = useLive(({ run }) => isActive(run));
  const byItself = preset !== null && preset === usual && !live;
  useEffect(() => {
    if (!byItself) return undefined;
    const timer = setTimeout(() => void askEstimate(preset), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [byItself, preset]);
  return preset === null ? null : <Line preset={preset} live={live} />;
}

function Line({ preset, live }: { readonly preset: string; readonly live: boolean }) {
  const answer = useEstimate(preset);
  if (answer?.status === "ready") {
    const { kind, line, detail } = verdict(answer.found);
    return (
      <p className="gn-estimate" data-kind={kind} title={detail}>
        {kind === "good" ? <CircleCheck size={13} aria-hidden /> : <TriangleAlert size={13} aria-hidden />}
        <span>{line}</span>
      </p>
    );
  }
  if (answer?.status === "asked") {
    return (
      <p className="gn-estimate">
        <LoaderCircle className="gn-spin" size={13} aria-hidden />
        <span>{t("graph.estimate.asked")}</span>
      </p>
    );
  }
  return (
    <>
      {answer?.status === "failed" && (
        <p className="gn-estimate" data-kind="failed" role="alert">
          <TriangleAlert size={13} aria-hidden />
          <span>{t("graph.estimate.failed", { reason: answer.message })}</span>
        </p>
      )}
      {!live && (
        <button type="button" className="gn-estimate gn-estimate-ask nodrag" onClick={() => void askEstimate(preset)}>
          <Gauge size={13} aria-hidden />
          <span>{t(answer?.status === "failed" ? "graph.estimate.again" : "graph.estimate.ask")}</span>
        </button>
      )}
    </>
  );
}

import type { LatencyData, Percentiles } from "../protocol/messages.gen";
import { t, type TextKey } from "../text";

const STAGES = ["received", "applied", "generated", "decoded", "encoded", "sent", "drawn", "total"] as const;
const SHARES = ["p50", "p95", "p99"] as const;

function Row({ name, percentiles }: { name: (typeof STAGES)[number]; percentiles: Percentiles }) {
  return (
    <tr data-stage={name}>
      <th scope="row">{t(`stage.latency.${name}` as TextKey)}</th>
      {SHARES.map((share) => (
        <td key={share}>{Math.round(percentiles[share])}</td>
      ))}
    </tr>
  );
}

/** The way of a control, stage by stage, as the server's and the browser's stamps tell it; milliseconds. */
export function LatencyDetails({ data }: { readonly data: LatencyData }) {
  return (
    <table className="live-latency-table">
      <caption>
        {t("stage.latency.details")} <span>{t("stage.latency.count", { n: data.count })}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{t("stage.latency.stage")}</th>
          {SHARES.map((share) => (
            <th key={share} scope="col">
              {share}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {STAGES.map((name) => {
          const percentiles = data.stages[name];
          return percentiles && <Row key={name} name={name} percentiles={percentiles} />;
        })}
      </tbody>
    </table>
  );
}

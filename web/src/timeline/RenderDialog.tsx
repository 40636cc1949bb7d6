import { Clapperboard } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { frameUrl, videoUrl } from "../live/review/take_urls";
import { liveStore } from "../live/store";
import { api } from "../lib/api";
import { Dialog } from "../lib/dialog";
import { errorText } from "../lib/error_text";
import { toast } from "../lib/toast";
import { Button } from "../lib/ui";
import type { RenderSettings, ServerStatus, TakeAnswer } from "../protocol/messages.gen";
import { t } from "../text";
import { renderSize, SIDE_AT_MOST, SIDE_STEP } from "./render_size";
import { renderTake } from "./take_api";

const FORMATS = ["mp4", "webm_vp9", "webm_av1"] as const;
const QUALITY = { least: 0, most: 51, first: 18 };

function usePresets(): readonly string[] {
  const [presets, setPresets] = useState<readonly string[]>([]);
  useEffect(() => {
    api<ServerStatus>("GET", "/api/status").then(
      (status) => setPresets(status.presets),
      () => setPresets([]),
    );
  }, []);
  return presets;
}

/** The picture of the take, so that one sees what is rendered. */
function Picture({ take }: { readonly take: TakeAnswer }) {
  if (take.status === "live") {
    return <img src={frameUrl(take.take_id, take.summary.last)} alt={take.name} className="tl-render-picture" />;
  }
  return <video src={videoUrl(take.take_id)} className="tl-render-picture" muted loop autoPlay playsInline controls />;
}

async function queue(take: TakeAnswer, settings: RenderSettings, name: string): Promise<boolean> {
  try {
    const { warnings } = await renderTake(take.take_id, settings, name, liveStore.getState().clientId);
    liveStore.setState((state) => ({ queueVersion: state.queueVersion + 1 }));
    toast({ kind: "success", title: t("timeline.render.queued") });
    const [why] = warnings;
    if (why) toast({ kind: "info", title: t("timeline.render.differs"), detail: why });
    return true;
  } catch (error) {
    toast({ kind: "error", title: t("timeline.render.failed"), detail: errorText(error) });
    return false;
  }
}

interface SizeFieldsProps {
  readonly id: string;
  readonly recorded: TakeAnswer["size"];
  readonly width: string;
  readonly height: string;
  readonly onChange: (side: "width" | "height", value: string) => void;
}

/** Width and height in pixels; one that is left empty follows the other. */
function SizeFields({ id, recorded, width, height, onChange }: SizeFieldsProps) {
  const size = renderSize(recorded, width, height);
  const field = (side: "width" | "height", value: string) => (
    <input
      id={`${id}${side}`}
      className="ui-input"
      type="number"
      inputMode="numeric"
      min={SIDE_STEP}
      max={SIDE_AT_MOST}
      step={SIDE_STEP}
      aria-label={t(`timeline.render.${side}`)}
      placeholder={String(size?.[side] ?? recorded?.[side === "width" ? 0 : 1] ?? "")}
      value={value}
      onChange={(event) => onChange(side, event.target.value)}
    />
  );
  return (
    <>
      <label htmlFor={`${id}width`}>{t("timeline.render.size")}</label>
      <span className="tl-render-size" title={t("timeline.render.sizeHint", { n: SIDE_STEP })}>
        {field("width", width)}
        <span aria-hidden>{"\u00d7"}</span>
        {field("height", height)}
      </span>
    </>
  );
}

interface RenderDialogProps {
  readonly take: TakeAnswer;
  readonly onClose: () => void;
}

/** Queue a take to be rendered into a file, with other settings where wanted. */
export function RenderDialog({ take, onClose }: RenderDialogProps) {
  const id = useId();
  const presets = usePresets();
  const [preset, setPreset] = useState("");
  const [format, setFormat] = useState("");
  const [crf, setCrf] = useState(QUALITY.first);
  const [stitch, setStitch] = useState(false);
  const [name, setName] = useState("");
  const [size, setSize] = useState({ width: "", height: "" });

  async function go(): Promise<void> {
    const settings: RenderSettings = {
      ...(preset ? { preset } : {}),
      ...renderSize(take.size, size.width, size.height),
      ...(format ? { format } : {}),
      ...(crf === QUALITY.first ? {} : { crf }),
      ...(stitch ? { stitch } : {}),
    };
    if (await queue(take, settings, name)) onClose();
  }

  return (
    <Dialog title={t("timeline.renderTitle", { name: take.name })} size="m" onClose={onClose}>
      <form
        className="tl-render"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <Picture take={take} />
        <div className="tl-render-fields">
          <p>{t("timeline.renderDetail")}</p>
          <label htmlFor={`${id}p`}>{t("timeline.render.preset")}</label>
          <select id={`${id}p`} className="ui-input" value={preset} onChange={(event) => setPreset(event.target.value)}>
            <option value="">{t("timeline.render.same")}</option>
            {presets.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <SizeFields
            id={id}
            recorded={take.size}
            {...size}
            onChange={(side, value) => setSize((before) => ({ ...before, [side]: value }))}
          />
          <label htmlFor={`${id}f`}>{t("timeline.render.format")}</label>
          <select id={`${id}f`} className="ui-input" value={format} onChange={(event) => setFormat(event.target.value)}>
            <option value="">{t("timeline.render.same")}</option>
            {FORMATS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <label htmlFor={`${id}q`} title={t("timeline.render.qualityHint")}>
            {t("timeline.render.quality")}
          </label>
          <span className="tl-render-quality">
            <input
              id={`${id}q`}
              type="range"
              min={QUALITY.least}
              max={QUALITY.most}
              value={crf}
              onChange={(event) => setCrf(Number(event.target.value))}
            />
            <output>{crf}</output>
          </span>
          <label htmlFor={`${id}n`}>{t("timeline.render.name")}</label>
          <input id={`${id}n`} className="ui-input" value={name} onChange={(event) => setName(event.target.value)} />
          <label className="tl-render-check">
            <input type="checkbox" checked={stitch} onChange={(event) => setStitch(event.target.checked)} />
            {t("timeline.render.stitch")}
          </label>
          <Button variant="primary" type="submit" icon={<Clapperboard size={14} />}>
            {t("timeline.render.go")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { Dialog } from "../../lib/dialog";
import { Button, Segmented } from "../../lib/ui";
import { t } from "../../text";
import { NumberCell } from "../NumberCell";
import { type Crop, type Grip, GRIPS, held, MOVE, pulled, readCrop, shaped, WHOLE, writeCrop } from "./model";
import "../widgets.css";
import "./crop.css";

interface CropEditorProps {
  readonly title: string;
  readonly src: string;
  readonly value: unknown;
  readonly onChange: (value: Crop | null) => void;
  readonly onClose: () => void;
}

const SHAPES = { free: null, model: 5 / 3, wide: 16 / 9, square: 1 } as const;
type Shape = keyof typeof SHAPES;
const STEP = 0.01;

/** Choose a part of a picture: pull its edges, move it, keep a shape. The file stays as it is. */
export default function CropEditor({ title, src, value, onChange, onClose }: CropEditorProps) {
  const [draft, setDraft] = useState<Crop | null>(null);
  const [shape, setShape] = useState<Shape>("free");
  const [size, setSize] = useState<readonly [number, number]>([1, 1]);
  const picture = useRef<HTMLDivElement>(null);
  const drag = useRef<{ grip: Grip; from: Crop; x: number; y: number } | null>(null);
  const crop = draft ?? readCrop(value);
  const wanted = SHAPES[shape];
  /** The shape in fractions of this picture. */
  const ratio = wanted === null ? null : (wanted * size[1]) / size[0];
  const pixels = (fraction: number, side: 0 | 1) => Math.round(fraction * size[side]);

  function apply(next: Crop, done: boolean) {
    setDraft(done ? null : next);
    if (done) onChange(writeCrop(next));
  }

  function moved(event: PointerEvent): Crop | null {
    const [start, box] = [drag.current, picture.current?.getBoundingClientRect()];
    if (!start || !box) return null;
    return pulled(
      start.from,
      start.grip,
      (event.clientX - start.x) / box.width,
      (event.clientY - start.y) / box.height,
      ratio,
    );
  }

  function key(event: KeyboardEvent) {
    const step = STEP * (event.altKey ? 0.1 : 1);
    const by: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const way = by[event.key];
    if (!way) return;
    event.preventDefault();
    const edge: Grip = way[0] === 0 ? { dx: 0, dy: 1 } : { dx: 1, dy: 0 };
    apply(pulled(crop, event.shiftKey ? edge : MOVE, ...way, event.shiftKey ? ratio : null), true);
  }

  const handlers = (grip: Grip) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { grip, from: crop, x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      const next = moved(event);
      if (next) apply(next, false);
    },
    onPointerUp: (event: PointerEvent) => {
      event.stopPropagation();
      const next = moved(event);
      drag.current = null;
      if (next) apply(next, true);
    },
    onPointerCancel: () => {
      drag.current = null;
      setDraft(null);
    },
  });

  const numbers = [
    ["x", crop.x, 0],
    ["y", crop.y, 1],
    ["width", crop.width, 0],
    ["height", crop.height, 1],
  ] as const;
  return (
    <Dialog title={title} size="l" onClose={onClose}>
      <div className="cr-editor">
        <div className="cr-room">
          <div className="cr-picture" ref={picture}>
            <img
              src={src}
              alt=""
              draggable={false}
              onLoad={({ currentTarget: image }) => setSize([image.naturalWidth, image.naturalHeight])}
            />
            <div
              className="cr-box"
              role="application"
              aria-label={t("widgets.crop.box")}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: moved and sized with the arrow keys
              tabIndex={0}
              style={{
                left: `${crop.x * 100}%`,
                top: `${crop.y * 100}%`,
                width: `${crop.width * 100}%`,
                height: `${crop.height * 100}%`,
              }}
              onKeyDown={key}
              {...handlers(MOVE)}
            >
              {GRIPS.map((grip) => (
                <span
                  key={`${grip.dx},${grip.dy}`}
                  className="cr-grip"
                  data-x={grip.dx}
                  data-y={grip.dy}
                  {...handlers(grip)}
                />
              ))}
            </div>
          </div>
        </div>
        <div className="wd-bar">
          <Segmented
            label={t("widgets.crop.shape")}
            value={shape}
            options={[
              { value: "free", label: t("widgets.crop.free") },
              { value: "model", label: "5:3" },
              { value: "wide", label: "16:9" },
              { value: "square", label: "1:1" },
            ]}
            onChange={(next) => {
              setShape(next);
              const to = SHAPES[next];
              if (to !== null) apply(shaped(crop, (to * size[1]) / size[0]), true);
            }}
          />
          {numbers.map(([name, fraction, side]) => (
            <span key={name} className="cr-number">
              <span aria-hidden>{t(`widgets.crop.${name}`)}</span>
              <NumberCell
                label={t(`widgets.crop.${name}`)}
                value={pixels(fraction, side)}
                step={1}
                unit="px"
                onCommit={(next) => apply(held({ ...crop, [name]: next / size[side] }), true)}
              />
            </span>
          ))}
          <span className="wd-spring" />
          <Button size="s" onClick={() => apply(WHOLE, true)}>
            {t("widgets.crop.whole")}
          </Button>
          <Button size="s" variant="primary" onClick={onClose}>
            {t("widgets.done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

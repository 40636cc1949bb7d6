import { Handle, Position } from "@xyflow/react";
import { t } from "../text";
import type { InputSchema, OutputSchema } from "../protocol/schema";
import { portColor } from "./colors";

interface PortProps {
  readonly port: InputSchema | OutputSchema;
  readonly side: "input" | "output";
  readonly wired: boolean;
  readonly wrong?: boolean;
  /** The type that flows through a "*" port, where it is known. */
  readonly shownType?: string;
}

/** The dot a wire starts or ends at. Streams are round, fixed values are squares with round corners. */
export function Port({ port, side, wired, wrong, shownType }: PortProps) {
  const type = shownType ?? port.type;
  const streams = "mode" in port ? port.mode !== "fixed" : port.stream;
  return (
    <Handle
      id={port.name}
      type={side === "input" ? "target" : "source"}
      position={side === "input" ? Position.Left : Position.Right}
      className={`gn-port gn-${side} ${portTypeClass(port.type)}`}
      data-wired={wired}
      data-wrong={wrong ?? false}
      data-streams={streams}
      style={{ "--port": portColor(type) } as React.CSSProperties}
      role="img"
      aria-label={`${side === "input" ? t("graph.input") : t("graph.output")} ${port.name}, ${type}`}
      title={`${port.name}: ${type}${"doc" in port && port.doc ? `\n${port.doc}` : ""}`}
    />
  );
}

/** The class by which all ports of a type are found while a wire is drawn. */
export function portTypeClass(type: string): string {
  return `gn-type-${type === "*" ? "any" : type.replace(/[^A-Za-z0-9_]/g, "_")}`;
}

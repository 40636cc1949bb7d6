import { FileQuestion, Play } from "lucide-react";
import { useRef } from "react";
import type { JobOutput } from "../protocol/messages.gen";
import { isImage, isVideo } from "./outputs";

/** A still of a result; a video plays while the pointer is over it. */
export function Thumbnail({ output }: { output: JobOutput }) {
  const video = useRef<HTMLVideoElement>(null);
  if (isImage(output)) return <img className="panel-thumb" src={output.url} alt="" loading="lazy" />;
  if (!isVideo(output)) {
    return (
      <span className="panel-thumb panel-thumb-none">
        <FileQuestion size={20} aria-hidden />
      </span>
    );
  }
  return (
    <span
      className="panel-thumb"
      onPointerEnter={() => void video.current?.play().catch(() => undefined)}
      onPointerLeave={() => video.current?.pause()}
    >
      <video ref={video} src={output.url} muted loop playsInline preload="metadata" tabIndex={-1} aria-hidden />
      <Play className="panel-thumb-play" size={14} fill="currentColor" strokeWidth={0} aria-hidden />
    </span>
  );
}
